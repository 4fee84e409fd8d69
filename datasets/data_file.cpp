#include "datasets/data_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "datasets/fail.h"

namespace anneal::datasets {
namespace {

/// Of deflate: a byte of it stands for no more (zlib, "Maximum Compression Factor").
constexpr std::uint64_t greatest_ratio = 1032;

}  // namespace

void DataFile::Close::operator()(std::FILE* file) const {
  std::fclose(file);
}
void DataFile::Close::operator()(z_stream* stream) const {
  inflateEnd(stream);
  delete stream;
}

void DataFile::refuse(const std::string& what) const {
  fail(path_ + ": " + what);
}

DataFile::DataFile(const std::filesystem::path& path) : path_(path.string()) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) refuse("there is no such file");
  if (std::filesystem::is_directory(status)) refuse("this is a directory, wanted a file");
  if (!std::filesystem::is_regular_file(status))
    refuse(error ? "cannot be examined: " + error.message() : "this is not a regular file");
  file_.reset(std::fopen(path_.c_str(), "rb"));
  if (!file_) refuse(std::string("cannot be opened: ") + std::strerror(errno));

  std::array<std::uint8_t, 2> magic{};
  const bool packed = take(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
  std::rewind(file_.get());
  most_ = std::filesystem::file_size(path, error);
  if (error) refuse("cannot be examined: " + error.message());
  if (!packed) return;
  most_ *= greatest_ratio;
  gzip_.reset(new z_stream{});
  constexpr int gzip_only = 16 + MAX_WBITS;
  if (inflateInit2(gzip_.get(), gzip_only) != Z_OK) refuse("inflateInit2 failed");
  packed_.resize(std::size_t{1} << 18U);
}

std::size_t DataFile::read(std::span<std::uint8_t> out) {
  const std::size_t got = gzip_ ? inflate_into(out) : take(out);
  hash_.add(out.first(got));
  return got;
}

std::size_t DataFile::take(std::span<std::uint8_t> out) {
  const std::size_t got = std::fread(out.data(), 1, out.size(), file_.get());
  if (std::ferror(file_.get()) != 0) refuse(std::string("cannot be read: ") + std::strerror(errno));
  return got;
}

std::size_t DataFile::inflate_into(std::span<std::uint8_t> out) {
  std::size_t got = 0;
  while (got < out.size()) {
    if (gzip_->avail_in == 0) {
      gzip_->next_in = packed_.data();
      gzip_->avail_in = static_cast<uInt>(take(packed_));
    }
    if (ended_) {  // one gzip may follow another (section 2.2)
      if (gzip_->avail_in == 0) break;
      inflateReset(gzip_.get());
      ended_ = false;
    }
    const auto room = static_cast<uInt>(std::min<std::size_t>(out.size() - got, 1U << 30U));
    gzip_->next_out = out.data() + got;
    gzip_->avail_out = room;
    const int code = inflate(gzip_.get(), Z_NO_FLUSH);
    got += room - gzip_->avail_out;
    ended_ = code == Z_STREAM_END;
    if (code == Z_BUF_ERROR) refuse("its gzip compression is cut short");
    if (code != Z_OK && code != Z_STREAM_END)
      refuse(std::string("its gzip compression is damaged (") +
             (gzip_->msg == nullptr ? "unknown reason" : gzip_->msg) + ")");
  }
  return got;
}

}  // namespace anneal::datasets
