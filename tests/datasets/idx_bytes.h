#pragma once
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

/// IDX files, written byte by byte.
namespace idx_bytes {

template <class Unsigned>
std::string big_endian(Unsigned x) {
  std::string bytes;
  for (int shift = 8 * static_cast<int>(sizeof x) - 8; shift >= 0; shift -= 8)
    bytes += static_cast<char>(x >> shift & 255U);
  return bytes;
}

/// Of a file whose elements have the type that this code stands for: 8 bytes, 9 signed bytes, 11
/// and 12 whole numbers of 16 and 32 bits, 13 and 14 numbers of 32 and 64 bits.
inline std::string header(int type, const std::vector<std::uint32_t>& extents) {
  std::string bytes{0, 0, static_cast<char>(type), static_cast<char>(extents.size())};
  for (const std::uint32_t e : extents) bytes += big_endian(e);
  return bytes;
}

/// Of bytes.
inline std::string bytes(const std::vector<std::uint32_t>& extents, const std::string& data) {
  return header(0x08, extents) + data;
}

inline std::string ints(const std::vector<std::uint32_t>& extents,
                        const std::vector<std::int32_t>& data) {
  std::string all = header(0x0C, extents);
  for (const std::int32_t x : data) all += big_endian(static_cast<std::uint32_t>(x));
  return all;
}

inline std::string floats(const std::vector<std::uint32_t>& extents,
                          const std::vector<float>& data) {
  std::string all = header(0x0D, extents);
  for (const float x : data) all += big_endian(std::bit_cast<std::uint32_t>(x));
  return all;
}

}  // namespace idx_bytes
