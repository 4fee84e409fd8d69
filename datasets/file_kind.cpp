#include "datasets/file_kind.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace anneal::datasets {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view kind;
  std::size_t offset = 0;
};

constexpr std::array signatures{
    Signature{"PK\x03\x04"sv, "a ZIP archive (or NumPy's .npz); unpack it"},
    Signature{"\x1f\x8b"sv, "gzip within gzip; unpack it once"},
    Signature{"version https://git-lfs"sv,
              "a Git LFS pointer, which stands for the file; git lfs pull fetches the file itself"},
    Signature{"/annex/objects/"sv,
              "a git-annex pointer, which stands for the file; git annex get fetches the file "
              "itself"},
    Signature{"\x93NUMPY"sv, "a NumPy array (.npy); write it as IDX"},
    Signature{"\x89HDF"sv, "an HDF5 file; write its arrays as IDX"},
    Signature{"PAR1"sv, "a Parquet table; write its columns as IDX"},
    Signature{"\x89PNG"sv, "a PNG image; IDX holds all images of a set in one file"},
    Signature{"\xff\xd8\xff"sv, "a JPEG image; IDX holds all images of a set in one file"},
    Signature{"BZh"sv, "compressed by bzip2; unpack it"},
    Signature{"\xfd"
              "7zXZ"sv,
              "compressed by xz; unpack it"},
    Signature{"\x28\xb5\x2f\xfd"sv, "compressed by Zstandard; unpack it"},
    Signature{"7z\xbc\xaf"sv, "a 7-Zip archive; unpack it"},
    Signature{"Rar!"sv, "a RAR archive; unpack it"},
    Signature{"ustar"sv, "a tar archive; unpack it", 257},
    Signature{"\x80\x02"sv, "a Python pickle; write its arrays as IDX"},
    Signature{"\x80\x03"sv, "a Python pickle; write its arrays as IDX"},
    Signature{"\x80\x04"sv, "a Python pickle; write its arrays as IDX"},
    Signature{"MATLAB 5"sv, "a MATLAB file; write its arrays as IDX"},
    Signature{"%PDF"sv, "a PDF document"},
};

bool is_text(std::string_view bytes) {
  return std::ranges::all_of(
      bytes, [](char c) { return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' || c == '\t'; });
}

/// What can be said in a message, without the bytes that a terminal would obey.
std::string first_line(std::string_view text) {
  constexpr std::size_t shown = 30;
  const std::size_t end = std::min(text.find_first_of("\r\n\t"), text.size());
  return std::string(text.substr(0, std::min(end, shown))) + (end > shown ? "..." : "");
}

}  // namespace

std::string file_kind(std::span<const std::uint8_t> beginning) {
  const std::string_view bytes(
      reinterpret_cast<const char*>(beginning.data()),  // NOLINT: bytes are bytes
      std::min(beginning.size(), telling_bytes));
  if (bytes.empty()) return "this file is empty";
  for (const Signature& s : signatures)
    if (bytes.size() > s.offset && bytes.substr(s.offset).starts_with(s.bytes))
      return "this is " + std::string(s.kind);
  std::string_view text = bytes;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte-order mark
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with('<')) return "this is an HTML or XML page, such as a server's error page";
  if (!text.empty() && is_text(text))
    return "this is text, which begins with '" + first_line(text) + "'";
  return {};
}

}  // namespace anneal::datasets
