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
  std::vector<std::uint32_t> extents;  ///< outermost first
  std::variant<std::vector<std::uint8_t>, std::vector<std::int8_t>, std::vector<std::int16_t>,
               std::vector<std::int32_t>, std::vector<float>, std::vector<double>>
      values;                      ///< in row-major order, in this machine's byte order
  std::string sha256;              ///< of the whole file, after decompression, in hexadecimal
  std::string shape_text() const;  ///< "60000 x 28 x 28"
};

/// Reads an IDX file, plain or gzip. Memory is taken as the data arrives, never on the word of a
/// header. Throws std::runtime_error, naming file and fault: not there, not readable, wrong magic,
/// unknown type, cut short, more data than the header says, or damaged compression.
IdxArray read_idx(const std::filesystem::path& path);

}  // namespace anneal::datasets
