#include "datasets/data_file.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "gzipped.h"
#include "temporary.h"

using anneal::datasets::DataFile;

namespace {

/// All bytes of a file with these contents, asked for in pieces, or the error without the path.
std::string contents(const std::string& bytes, std::size_t piece = 1000) {
  const Temporary folder;
  folder.write("x", bytes);
  const std::string path = (folder.path() / "x").string();
  std::string all;
  try {
    DataFile file(path);
    std::vector<std::uint8_t> part(piece);
    while (const std::size_t n = file.read(part))
      all.append(reinterpret_cast<char*>(part.data()), n);
  } catch (const std::runtime_error& error) {
    const std::string what = error.what();
    REQUIRE(what.starts_with(path + ": "));
    return what.substr(path.size() + 2);
  }
  return all;
}

std::string error_of(const std::filesystem::path& path) {
  try {
    const DataFile file(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

std::string long_text() {
  std::string text;
  for (unsigned i = 0; i < 100'000; ++i) text += std::to_string(i * i % 1000);
  return text;
}

}  // namespace

TEST_CASE("a file gives its bytes, plain or gzip, in pieces of any size") {
  const std::string text = long_text();
  for (const std::size_t piece : {std::size_t{1}, std::size_t{999}, std::size_t{10'000'000}}) {
    CHECK(contents(text, piece) == text);
    CHECK(contents(gzipped(text), piece) == text);
  }
  CHECK(contents("").empty());
  CHECK(contents("\x1f") == "\x1f");
  CHECK(contents(gzipped("")).empty());
}

TEST_CASE("one gzip after another is one file, anything else after a gzip is refused") {
  CHECK(contents(gzipped("ab") + gzipped("cd")) == "abcd");
  CHECK(contents(gzipped("ab") + "garbage") ==
        "its gzip compression is damaged (incorrect header check)");
  CHECK(contents(gzipped("ab") + "\x1f") == "its gzip compression is cut short");
}

TEST_CASE("a gzip is refused wherever it is cut, and no change of its data goes unnoticed") {
  const std::string text = "the quick brown fox";
  const std::string packed = gzipped(text);
  for (std::size_t n = 2; n < packed.size(); ++n)  // less than 2 bytes are not gzip
    CHECK(contents(packed.substr(0, n)) == "its gzip compression is cut short");
  const std::size_t header = 10;  // RFC 1952, section 2.3: date, system and the like come first
  for (std::size_t i = header; i < packed.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 1 << bit);
      const std::string seen = contents(damaged);  // the last byte of the data has bits to spare
      CHECK((seen == text || seen.starts_with("its gzip compression is ")));
    }
}

TEST_CASE("what is not a file that can be read is refused by name") {
  const Temporary folder;
  const std::string nothing = (folder.path() / "nothing").string();
  CHECK(error_of(nothing) == nothing + ": there is no such file");
  const std::string directory = folder.path().string();
  CHECK(error_of(directory) == directory + ": this is a directory, wanted a file");
  const std::string pipe = (folder.path() / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(error_of(pipe) == pipe + ": this is not a regular file");
  const std::string endless = (folder.path() / std::string(300, 'x')).string();
  CHECK(error_of(endless) == endless + ": cannot be examined: File name too long");
}
