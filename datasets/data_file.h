#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "datasets/sha256.h"

struct z_stream_s;  // zlib's

namespace anneal::datasets {

/// The bytes of a file, decompressed on their way if it is gzip (RFC 1952), and hashed. No more is
/// read or decompressed than is asked for, so a few bytes that inflate to gigabytes do no harm.
class DataFile {
 public:
  /// Throws std::runtime_error, as does all else here, when there is no such file, or it is not a
  /// regular one, or cannot be opened.
  explicit DataFile(const std::filesystem::path& path);

  /// How many bytes there are to read in all: exactly for a plain file, at most for a gzip.
  std::uint64_t most() const { return most_; }
  bool is_gzip() const { return gzip_ != nullptr; }

  /// Fills `out` and returns its size, or less at the end of the file. Damaged compression, a gzip
  /// that is cut short, and anything but another gzip after its end are refused.
  std::size_t read(std::span<std::uint8_t> out);

  /// Of all that was read, after decompression; nothing can be read afterwards.
  std::string sha256() { return hash_.hex(); }

  /// Fails with "path: what".
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  std::size_t inflate_into(std::span<std::uint8_t> out);
  std::size_t take(std::span<std::uint8_t> out);

  struct Close {
    void operator()(std::FILE* file) const;
    void operator()(z_stream_s* stream) const;
  };
  std::string path_;
  std::uint64_t most_ = 0;
  std::unique_ptr<std::FILE, Close> file_;
  std::unique_ptr<z_stream_s, Close> gzip_;  // none: the file is plain
  std::vector<std::uint8_t> packed_;         // what gzip_ reads from
  bool ended_ = false;                       // gzip_ has seen the end of its data
  Sha256 hash_;
};

}  // namespace anneal::datasets
