#include "datasets/idx.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <limits>
#include <span>

#include "datasets/data_file.h"
#include "datasets/fail.h"
#include "datasets/file_kind.h"

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

/// Two bytes of zero, the type of the elements, and how many dimensions there are.
using Magic = std::array<std::uint8_t, 4>;

Magic read_magic(DataFile& file) {
  std::array<std::uint8_t, telling_bytes> beginning{};
  Magic magic{};
  std::size_t got = file.read(magic);
  if (got == magic.size() && magic[0] == 0 && magic[1] == 0) {
    if (magic[3] == 0) file.refuse("the header promises no dimensions");
    return magic;
  }
  std::ranges::copy(magic, beginning.begin());
  if (got == magic.size()) got += file.read(std::span(beginning).subspan(magic.size()));
  const std::string kind = file_kind(std::span(beginning).first(got));
  if (!kind.empty()) file.refuse(kind + "; wanted an IDX file");
  if (got < magic.size())
    file.refuse("cut short: " + std::to_string(got) + " bytes, less than a header");
  file.refuse("wrong magic number " + hex(big_endian(magic.data())) +
              "; an IDX file begins with two zero bytes");
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

/// The product of the extents and `element_size`, or an error when it is more than `most`.
std::uint64_t byte_count(const DataFile& file, const IdxArray& array, std::size_t element_size,
                         std::uint64_t most) {
  std::uint64_t bytes = element_size;
  for (const std::uint32_t extent : array.extents) {
    if (extent != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / 4 / extent)
      file.refuse("the header promises " + array.shape_text() + " elements, which is absurd");
    bytes *= extent;
  }
  if (bytes > most)
    file.refuse("the header promises " + array.shape_text() + " elements, " + bytes_text(bytes) +
                "; no more than " + bytes_text(most) + " are read");
  return bytes;
}

[[noreturn]] void refuse_more(const DataFile& file, const IdxArray& array) {
  file.refuse("more data than the " + array.shape_text() + " elements that the header promises");
}

template <class T>
std::vector<T> read_values(DataFile& file, const IdxArray& array, std::uint64_t most) {
  const std::uint64_t promised = byte_count(file, array, sizeof(T), most);
  const std::uint64_t there = file.most() - std::min(file.most(), 4 + 4 * array.extents.size());
  const auto cut_short = [&](std::uint64_t found) {
    file.refuse("cut short: the header promises " + array.shape_text() + " elements, " +
                std::to_string(promised) + " bytes, and " + std::to_string(found) + " are there");
  };
  if (promised > there && file.is_gzip())
    file.refuse("cut short: the header promises " + array.shape_text() + " elements, " +
                std::to_string(promised) + " bytes, and so small a gzip cannot hold them");
  if (promised > there) cut_short(there);
  if (promised < there && !file.is_gzip()) refuse_more(file, array);

  const std::size_t wanted = promised / sizeof(T);
  std::vector<T> values;
  while (values.size() < wanted) {
    const std::size_t begin = values.size();
    // Of a gzip as it arrives: its header can promise anything.
    const std::size_t some = std::max<std::size_t>(2 * begin, (1U << 20U) / sizeof(T));
    const std::size_t next = file.is_gzip() ? std::min(wanted, some) : wanted;
    values.reserve(next);
    values.resize(next);
    const std::span bytes(reinterpret_cast<std::uint8_t*>(values.data() + begin),
                          (values.size() - begin) * sizeof(T));
    const std::size_t got = file.read(bytes);
    if (got < bytes.size()) cut_short(begin * sizeof(T) + got);
    if constexpr (sizeof(T) > 1 && std::endian::native == std::endian::little)
      for (std::size_t i = 0; i < bytes.size(); i += sizeof(T))
        std::ranges::reverse(bytes.subspan(i, sizeof(T)));
  }
  return values;
}

}  // namespace

std::string IdxArray::shape_text() const {
  std::string text;
  for (const std::uint32_t extent : extents)
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  return text;
}

std::uint64_t IdxArray::byte_of(std::size_t element) const {
  const std::size_t size = std::visit([](const auto& v) { return sizeof(v[0]); }, values);
  return 4 + 4 * extents.size() + element * size;
}

void IdxArray::refuse(const std::string& what) const {
  fail(file.string() + ": " + what);
}

IdxArray read_idx(const std::filesystem::path& path, std::uint64_t most) {
  DataFile file(path);
  const Magic magic = read_magic(file);
  IdxArray array{.file = path};
  array.extents = read_extents(file, magic[3]);
  switch (magic[2]) {
    case 0x08: array.values = read_values<std::uint8_t>(file, array, most); break;
    case 0x09: array.values = read_values<std::int8_t>(file, array, most); break;
    case 0x0B: array.values = read_values<std::int16_t>(file, array, most); break;
    case 0x0C: array.values = read_values<std::int32_t>(file, array, most); break;
    case 0x0D: array.values = read_values<float>(file, array, most); break;
    case 0x0E: array.values = read_values<double>(file, array, most); break;
    default:
      file.refuse("unknown element type in magic number " + hex(big_endian(magic.data())) +
                  "; wanted 08, 09, 0b, 0c, 0d or 0e in its third byte");
  }
  std::array<std::uint8_t, 1> extra{};
  if (file.read(extra) != 0) refuse_more(file, array);
  array.sha256 = file.sha256();
  return array;
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  auto value = static_cast<double>(bytes);
  for (; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
  std::array<char, 32> text{};
  const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f %s", decimals, value, units[unit]);
  return text.data();
}

}  // namespace anneal::datasets
