#pragma once

#include <span>
#include <string>

namespace anneal::apps {

/// The values as one line of `width` block characters (ASCII shades without `unicode`), each the
/// mean of its share of them; the lowest block is the smaller of 0 and the least value, and a
/// blank stands for values that are not finite.
std::string sparkline(std::span<const double> values, int width, bool unicode = true);

}  // namespace anneal::apps
