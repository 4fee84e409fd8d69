#pragma once
#include <span>
#include <string>
#include <string_view>

namespace anneal::sched {

/// The candidate nearest to a mistyped word, counting letters to insert, delete, replace or swap
/// (Damerau 1964) whatever their case; empty when none is near enough to have been meant.
std::string closest(std::string_view word, std::span<const std::string> candidates);

/// "; did you mean 'cosine'?", or nothing.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace anneal::sched
