#include "datasets/idx.h"

#include <doctest/doctest.h>
#include <cmath>

#include "../allocations.h"
#include "gzipped.h"
#include "idx_bytes.h"
#include "temporary.h"

using namespace anneal::datasets;
using idx_bytes::big_endian, idx_bytes::header;

namespace {

/// Six bytes, as 2 x 3.
std::string good() {
  return header(0x08, {2, 3}) + std::string("\1\2\3\4\5\xff", 6);
}

/// The message of reading these bytes, without the path that it begins with.
std::string error_of(const std::string& bytes, std::uint64_t most = largest_idx) {
  const Temporary folder;
  folder.write("x", bytes);
  const std::string path = (folder.path() / "x").string();
  try {
    read_idx(path, most);
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    REQUIRE(what.starts_with(path + ": "));
    return what.substr(path.size() + 2);
  }
  return "none";
}

IdxArray read(const std::string& bytes) {
  const Temporary folder;
  folder.write("x", bytes);
  return read_idx(folder.path() / "x");
}

}  // namespace

TEST_CASE("plain and gzip files give the same array and the same hash") {
  const IdxArray plain = read(good());
  CHECK(plain.extents == std::vector<std::uint32_t>{2, 3});
  CHECK(std::get<0>(plain.values) == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 255});
  const IdxArray packed = read(gzipped(good()));
  CHECK(packed.values == plain.values);
  CHECK(packed.sha256 == plain.sha256);
  CHECK(plain.sha256.size() == 64);
}

TEST_CASE("all element types of the format, big-endian") {
  CHECK(std::get<1>(read(header(0x09, {2}) + std::string("\x7f\x80", 2)).values) ==
        std::vector<std::int8_t>{127, -128});
  CHECK(std::get<2>(read(header(0x0B, {2}) + std::string("\1\2\xff\xfe", 4)).values) ==
        std::vector<std::int16_t>{0x0102, -2});
  CHECK(std::get<3>(read(header(0x0C, {1}) + std::string("\1\2\3\4", 4)).values) ==
        std::vector<std::int32_t>{0x01020304});
  CHECK(std::get<4>(read(header(0x0D, {1}) + std::string("\x40\x49\x0f\xdb", 4)).values) ==
        std::vector<float>{3.14159274F});
  CHECK(std::get<5>(
            read(header(0x0E, {1}) + std::string("\x40\x09\x21\xfb\x54\x44\x2d\x18", 8)).values) ==
        std::vector<double>{3.141592653589793});
  CHECK(std::get<0>(read(header(0x08, {0, 28, 28})).values).empty());
  CHECK(read(header(0x08, {1, 1, 1, 1, 1}) + "x").extents.size() == 5);
}

TEST_CASE("every malformation is refused by name") {
  CHECK(error_of("") == "this file is empty; wanted an IDX file");
  CHECK(error_of(std::string(3, '\0')) == "cut short: 3 bytes, less than a header");
  CHECK(error_of(std::string("\1\2\3\4....", 8)) ==
        "wrong magic number 0x01020304; an IDX file begins with two zero bytes");
  CHECK(error_of(std::string("\0\0\x07\1", 4) + big_endian(1U) + "x") ==
        "unknown element type in magic number 0x00000701; wanted 08, 09, 0b, 0c, 0d or 0e in its "
        "third byte");
  CHECK(error_of(std::string("\0\0\x08\0", 4)) == "the header promises no dimensions");
  CHECK(error_of(header(0x08, {2, 3}).substr(0, 10)) ==
        "cut short in the header, which promises 2 dimensions");
  CHECK(error_of(good().substr(0, 15)) ==
        "cut short: the header promises 2 x 3 elements, 6 bytes, and 3 are there");
  CHECK(error_of(good() + "x") == "more data than the 2 x 3 elements that the header promises");
  CHECK(error_of(header(0x08, {0xffffffff, 0xffffffff, 0xffffffff}) + "x") ==
        "the header promises 4294967295 x 4294967295 x 4294967295 elements, which is absurd");
}

TEST_CASE("what is no IDX file is told what it is") {
  using namespace std::string_literals;
  const auto says = [&](const std::string& bytes, const std::string& kind) {
    CAPTURE(kind);
    CHECK(error_of(bytes) == kind + "; wanted an IDX file");
    CHECK(error_of(gzipped(bytes)) == kind + "; wanted an IDX file");
  };
  says("<!DOCTYPE html><html>404", "this is an HTML or XML page, such as a server's error page");
  says("\xef\xbb\xbf\r\n <?xml version='1.0'?>",
       "this is an HTML or XML page, such as a server's error page");
  says("PK\3\4....", "this is a ZIP archive (or NumPy's .npz); unpack it");
  says("\x93NUMPY\1\0v", "this is a NumPy array (.npy); write it as IDX");
  says(
      "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a",
      "this is a Git LFS pointer, which stands for the file; git lfs pull fetches the file itself");
  says("/annex/objects/MD5E-s9912422",
       "this is a git-annex pointer, which stands for the file; "
       "git annex get fetches the file itself");
  says(
      "\xfd"
      "7zXZ\0"s,
      "this is compressed by xz; unpack it");
  says("BZh91AY", "this is compressed by bzip2; unpack it");
  says(std::string(257, 'x') + "ustar", "this is a tar archive; unpack it");
  says("\x89PNG\r\n", "this is a PNG image; IDX holds all images of a set in one file");
  says("label,pixel0,pixel1,pixel2,pixel3,...\n5,0,0",
       "this is text, which begins with 'label,pixel0,pixel1,pixel2,pix...'");
  says("{\"a\":\t1}", "this is text, which begins with '{\"a\":'");
  says("", "this file is empty");
  CHECK(error_of(gzipped(gzipped(good()))) ==
        "this is gzip within gzip; unpack it once; wanted an IDX file");
  // Escapes, which a terminal would obey, are no text.
  CHECK(error_of("a\x1b[2Jb") ==
        "wrong magic number 0x611b5b32; an IDX file begins with two zero bytes");
  for (int zeros = 4; zeros < 20; ++zeros)
    CHECK(error_of(std::string(static_cast<std::size_t>(zeros), '\0')) ==
          "the header promises no dimensions");
}

TEST_CASE("no more is read than is wanted: at, below and above the limit") {
  for (const bool packed : {false, true}) {
    const std::string file = packed ? gzipped(good()) : good();
    CHECK(error_of(file, 7) == "none");
    CHECK(error_of(file, 6) == "none");
    CHECK(error_of(file, 5) ==
          "the header promises 2 x 3 elements, 6 bytes; no more than 5 bytes are read");
  }
  // Gigabytes that a sparse file really has, and that a gzip may really hold.
  const Temporary folder;
  folder.write("x", header(0x08, {5'000'000, 1'000}));
  const std::filesystem::path path = folder.path() / "x";
  std::filesystem::resize_file(path, 5'000'000'012);
  allocations::largest = 0;
  CHECK_THROWS_WITH(read_idx(path), (path.string() + ": the header promises 5000000 x 1000 "
                                                     "elements, 5.00 GB; no more than 2.15 GB are "
                                                     "read")
                                        .c_str());
  std::filesystem::resize_file(path, 5'000'000'013);
  CHECK_THROWS_WITH(read_idx(path, 6'000'000'000),
                    (path.string() + ": more data than the 5000000 x 1000 elements that the header "
                                     "promises")
                        .c_str());
  CHECK(error_of(gzipped(header(0x0C, {1'000'000'000}))) ==
        "the header promises 1000000000 elements, 4.00 GB; no more than 2.15 GB are read");
  CHECK(allocations::largest < std::size_t{2} << 20U);
}

TEST_CASE("a gzip that is too small for what its header promises is refused at once") {
  allocations::largest = 0;
  CHECK(error_of(gzipped(header(0x08, {1'000'000'000}) + "x")) ==
        "cut short: the header promises 1000000000 elements, 1000000000 bytes, and so small a gzip "
        "cannot hold them");
  CHECK(allocations::largest < std::size_t{2} << 20U);
  // What deflate makes of zeros is as small as can be.
  CHECK(error_of(gzipped(header(0x08, {9'000'000}) + std::string(9'000'000, '\0'))) == "none");
}

TEST_CASE("sizes are said in units that a reader knows") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(999) == "999 bytes");
  CHECK(bytes_text(1000) == "1.00 kB");
  CHECK(bytes_text(47'040'016) == "47.0 MB");
  CHECK(bytes_text(999'600'000) == "1.00 GB");
  CHECK(bytes_text(std::uint64_t{2} << 60U) == "2.31 EB");
}

TEST_CASE("a gzip that inflates beyond its header is stopped at once") {
  // 8 MB of zeros in 8 kB, behind a header that promises six bytes. The checksum at its end is
  // wrong, which goes unnoticed, for no one gets there.
  std::string bomb = gzipped(header(0x08, {2, 3}) + std::string(8'000'000, '\0'));
  REQUIRE(bomb.size() < 20'000);
  bomb[bomb.size() - 6] ^= 1;
  CHECK(error_of(bomb) == "more data than the 2 x 3 elements that the header promises");
}

TEST_CASE("what is refused costs no more memory than the data that is there") {
  const auto most_for = [](const std::string& bytes) {
    allocations::largest = 0;
    CHECK(error_of(bytes) != "none");
    return allocations::largest.load();
  };
  constexpr std::size_t some = std::size_t{2} << 20U;
  CHECK(most_for(header(0x0E, {1'000'000, 1'000'000}) + "x") < some);
  CHECK(most_for(header(0x08, {4'000'000'000}) + std::string(3'000'000, 'x')) < 3 * some);
  CHECK(most_for(gzipped(header(0x08, {2, 3}) + std::string(8'000'000, '\0'))) < some);
}

TEST_CASE("wherever a file ends, it is refused") {
  for (const std::string& whole : {good(), gzipped(good())})
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK(error_of(whole.substr(0, n)) != "none");
}

TEST_CASE("whatever bit of a header is flipped, the file is refused, and cheaply") {
  for (const std::size_t rank : {1U, 2U, 4U}) {
    const std::string whole = header(0x08, std::vector<std::uint32_t>(rank, 3)) +
                              std::string(static_cast<std::size_t>(std::pow(3, rank)), 'x');
    REQUIRE(error_of(whole) == "none");
    for (std::size_t bit = 0; bit < 8 * (4 + 4 * rank); ++bit) {
      std::string flipped = whole;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
      CAPTURE(bit);
      allocations::largest = 0;
      if (bit / 8 == 2 && bit % 8 == 0)  // 08 and 09, bytes without and with a sign
        CHECK(read(flipped).values.index() == 1);
      else
        CHECK(error_of(flipped) != "none");
      CHECK(allocations::largest < std::size_t{2} << 20U);
    }
  }
}
