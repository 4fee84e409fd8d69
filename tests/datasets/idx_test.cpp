#include "datasets/idx.h"

#include <doctest/doctest.h>
#include <cmath>

#include "../allocations.h"
#include "gzipped.h"
#include "temporary.h"

using namespace anneal::datasets;

namespace {

std::string big_endian(std::uint32_t x) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(x >> shift & 255U);
  return bytes;
}

std::string header(char type, const std::vector<std::uint32_t>& extents) {
  std::string bytes{0, 0, type, static_cast<char>(extents.size())};
  for (const std::uint32_t e : extents) bytes += big_endian(e);
  return bytes;
}

/// Six bytes, as 2 x 3.
std::string good() {
  return header(0x08, {2, 3}) + std::string("\1\2\3\4\5\xff", 6);
}

/// The message of reading these bytes, without the path that it begins with.
std::string error_of(const std::string& bytes) {
  const Temporary folder;
  folder.write("x", bytes);
  const std::string path = (folder.path() / "x").string();
  try {
    read_idx(path);
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
  CHECK(error_of("") == "cut short: 0 bytes, less than a header");
  CHECK(error_of(std::string(3, '\0')) == "cut short: 3 bytes, less than a header");
  CHECK(error_of(std::string("PK\3\4....", 8)) ==
        "wrong magic number 0x504b0304; an IDX file begins with two zero bytes");
  CHECK(error_of(std::string("\0\0\x07\1", 4) + big_endian(1) + "x") ==
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
