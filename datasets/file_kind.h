#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace anneal::datasets {

/// So many first bytes of a file tell what it is.
constexpr std::size_t telling_bytes = 512;

/// What a file is that was taken for data, from how it begins, and what to do about it: "this is a
/// ZIP archive; unpack it". Empty for bytes that say nothing.
std::string file_kind(std::span<const std::uint8_t> beginning);

}  // namespace anneal::datasets
