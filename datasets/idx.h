#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace anneal::datasets {

/// The contents of an IDX file, the format of MNIST (http://yann.lecun.com/exdb/mnist, "The IDX
/// file format"): an array of up to 255 dimensions of one of six types of number.
struct IdxArray {
  std::filesystem::path file = {};
  std::vector<std::uint32_t> extents = {};  ///< outermost first
  std::variant<std::vector<std::uint8_t>, std::vector<std::int8_t>, std::vector<std::int16_t>,
               std::vector<std::int32_t>, std::vector<float>, std::vector<double>>
      values = {};                 ///< in row-major order, in this machine's byte order
  std::string sha256 = {};         ///< of the whole file, after decompression, in hexadecimal
  std::string shape_text() const;  ///< "60000 x 28 x 28"

  /// Where an element lies in the file, after decompression, counted from 0.
  std::uint64_t byte_of(std::size_t element) const;
  /// Fails with "file: what".
  [[noreturn]] void refuse(const std::string& what) const;
};

/// No more than this is read of one file, unless a caller has less memory: 2 GiB, four times
/// the largest set that is in use in this format, the images of EMNIST's byclass.
constexpr std::uint64_t largest_idx = std::uint64_t{2} << 30U;

/// Reads an IDX file, plain or gzip, whose elements are no more than `most` bytes. Memory is taken
/// when the file is known to hold what its header promises, or as the data arrives, never on the
/// word of a header. Throws std::runtime_error, naming file and fault: not there, not readable,
/// something else than IDX (and what), unknown type, too large, cut short, more data than the
/// header says, or damaged compression.
IdxArray read_idx(const std::filesystem::path& path, std::uint64_t most = largest_idx);

/// "47.0 MB"
std::string bytes_text(std::uint64_t bytes);

}  // namespace anneal::datasets
