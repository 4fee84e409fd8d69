#include "datasets/idx.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <span>

#include "datasets/data_file.h"

namespace anneal::datasets {
namespace {

std::uint32_t big_endian(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24U | std::uint32_t{p[1]} << 16U | std::uint32_t{p[2]} << 8U | p[3];
}

/// "0x00000803"
std::string hex(std::uint32_t x) {
  std::string text = "0x00000000";
  for (std::size_t i = 0; i < 8; ++i) text[9 - i] = "0123456789abcdef"[x >> 4 * i & 15U];
  return text;
}

std::vector<std::uint32_t> read_extents(DataFile& file, int dimensions) {
  std::vector<std::uint32_t> extents;
  for (int i = 0; i < dimensions; ++i) {
    std::array<std::uint8_t, 4> bytes{};
    if (file.read(bytes) < 4)
      file.refuse("cut short in the header, which promises " + std::to_string(dimensions) +
                  " dimensions");
    extents.push_back(big_endian(bytes.data()));
  }
  return extents;
}

/// The product of the extents and `element_size`, or an error when no machine could hold it.
std::size_t byte_count(const DataFile& file, const IdxArray& array, std::size_t element_size) {
  std::size_t bytes = element_size;
  for (const std::uint32_t extent : array.extents) {
    if (extent != 0 && bytes > std::numeric_limits<std::size_t>::max() / 4 / extent)
      file.refuse("the header promises " + array.shape_text() + " elements, which is absurd");
    bytes *= extent;
  }
  return bytes;
}

template <class T>
std::vector<T> read_values(DataFile& file, const IdxArray& array) {
  const std::size_t wanted = byte_count(file, array, sizeof(T)) / sizeof(T);
  std::vector<T> values;
  while (values.size() < wanted) {  // as it arrives: a header can promise anything
    const std::size_t begin = values.size();
    values.resize(std::min(wanted, std::max<std::size_t>(2 * begin, (1U << 20U) / sizeof(T))));
    const std::span bytes(reinterpret_cast<std::uint8_t*>(values.data() + begin),
                          (values.size() - begin) * sizeof(T));
    const std::size_t got = file.read(bytes);
    if (got < bytes.size())
      file.refuse("cut short: the header promises " + array.shape_text() + " elements, " +
                  std::to_string(wanted * sizeof(T)) + " bytes, and " +
                  std::to_string(begin * sizeof(T) + got) + " are there");
    if constexpr (sizeof(T) > 1 && std::endian::native == std::endian::little)
      for (std::size_t i = 0; i < bytes.size(); i += sizeof(T))
        std::ranges::reverse(bytes.subspan(i, sizeof(T)));
  }
  values.shrink_to_fit();
  return values;
}

}  // namespace

std::string IdxArray::shape_text() const {
  std::string text;
  for (const std::uint32_t extent : extents)
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

IdxArray read_idx(const std::filesystem::path& path) {
  DataFile file(path);
  std::array<std::uint8_t, 4> magic{};
  const std::size_t got = file.read(magic);
  if (got < 4) file.refuse("cut short: " + std::to_string(got) + " bytes, less than a header");
  if (magic[0] != 0 || magic[1] != 0)
    file.refuse("wrong magic number " + hex(big_endian(magic.data())) +
                "; an IDX file begins with two zero bytes");
  if (magic[3] == 0) file.refuse("the header promises no dimensions");

  IdxArray array;
  array.extents = read_extents(file, magic[3]);
  switch (magic[2]) {
    case 0x08: array.values = read_values<std::uint8_t>(file, array); break;
    case 0x09: array.values = read_values<std::int8_t>(file, array); break;
    case 0x0B: array.values = read_values<std::int16_t>(file, array); break;
    case 0x0C: array.values = read_values<std::int32_t>(file, array); break;
    case 0x0D: array.values = read_values<float>(file, array); break;
    case 0x0E: array.values = read_values<double>(file, array); break;
    default:
      file.refuse("unknown element type in magic number " + hex(big_endian(magic.data())) +
                  "; wanted 08, 09, 0b, 0c, 0d or 0e in its third byte");
  }
  std::array<std::uint8_t, 1> extra{};
  if (file.read(extra) != 0)
    file.refuse("more data than the " + array.shape_text() + " elements that the header promises");
  array.sha256 = file.sha256();
  return array;
}

}  // namespace anneal::datasets
