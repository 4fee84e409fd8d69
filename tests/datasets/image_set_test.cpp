#include "datasets/image_set.h"

#include <doctest/doctest.h>

#include "datasets/sha256.h"
#include "gzipped.h"
#include "image_files.h"
#include "temporary.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

std::string sha256(const std::string& bytes) {
  Sha256 hash;
  hash.add(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  return hash.hex();
}

/// The set of image_files(), with its hashes or, if any contents are to do, without.
ImageSet tiny(bool hashed) {
  ImageSet set{"tiny", "Tiny", {}, {}};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [name, bytes] = image_files()[i];
    const auto dash = name.rfind("-idx");
    set.files[i] = {name.substr(0, dash), name.substr(dash + 1), hashed ? sha256(bytes) : ""};
  }
  return set;
}

std::string error_of(const std::filesystem::path& folder, const ImageSet& set) {
  try {
    read_image_set(folder, set);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

std::string url_of(const Temporary& folder) {
  return "file://" + folder.path().string() + "/";
}

/// A mirror that holds the set as .gz.
void write_mirror(const Temporary& folder) {
  for (const auto& [name, bytes] : image_files()) folder.write(name + ".gz", gzipped(bytes));
}

}  // namespace

TEST_CASE("a set is read under any of its files' names, plain or gzip") {
  for (const char* separator : {"-", "."})
    for (const bool packed : {false, true}) {
      const Temporary folder;
      for (auto [name, bytes] : image_files()) {
        name.replace(name.rfind("-idx"), 1, separator);
        folder.write(name + (packed ? ".gz" : ""), packed ? gzipped(bytes) : bytes);
      }
      const TrainAndTest both = read_image_set(folder.path(), tiny(true));
      CHECK(both.train.name == "tiny");
      CHECK(both.train.origin == "Tiny from " + folder.path().string() + ", SHA-256 verified");
      CHECK(both.train.size() == 3);
      CHECK(both.train.sample_shape == nn::Shape{2, 2});
      CHECK(both.train.bytes.size() == 12);
      CHECK(both.test.size() == 2);
      CHECK(both.test.labels[1] == 4);
    }
}

TEST_CASE("what is missing is named") {
  const Temporary folder;
  const ImageSet set = tiny(true);
  CHECK(missing_from(folder.path() / "none", set) == "there is no such folder");
  CHECK(missing_from(folder.path(), set) == "no train-images-idx3-ubyte in it, plain or .gz");
  write_image_files(folder.path());
  CHECK(missing_from(folder.path(), set).empty());
  std::filesystem::remove(folder.path() / "t10k-labels-idx1-ubyte");
  CHECK(missing_from(folder.path(), set) == "no t10k-labels-idx1-ubyte in it, plain or .gz");
  CHECK(error_of(folder.path(), set) ==
        folder.path().string() + ": no t10k-labels-idx1-ubyte in it, plain or .gz");
}

TEST_CASE("a file that is not the published one is refused with both hashes") {
  const Temporary folder;
  write_image_files(folder.path());
  const std::string other = idx({3}, std::string("\1\1\1", 3));
  folder.write("train-labels-idx1-ubyte", other);
  CHECK(error_of(folder.path(), tiny(true)) ==
        (folder.path() / "train-labels-idx1-ubyte").string() +
            ": not train-labels as published: its contents have SHA-256 " + sha256(other) +
            ", wanted " + tiny(true).files[1].sha256 + " (Tiny)");
  CHECK(read_image_set(folder.path(), tiny(false)).train.origin ==
        "Tiny from " + folder.path().string());
}

TEST_CASE("a set whose files do not agree is refused with the numbers") {
  const Temporary folder;
  write_image_files(folder.path());
  const auto with_labels = [&](const std::string& labels) {
    folder.write("train-labels-idx1-ubyte", labels);
    return error_of(folder.path(), tiny(false));
  };
  CHECK(with_labels(idx({2}, std::string("\0\1", 2))) ==
        folder.path().string() + ": 3 train-images but 2 train-labels");
  CHECK(with_labels(idx({3}, std::string("\0\1\xa", 3))) ==
        "tiny: label 10 of example 2 is not in [0, 10)");
  const std::string file = (folder.path() / "train-labels-idx1-ubyte").string();
  CHECK(with_labels(idx({3, 1}, std::string("\0\1\2", 3))) ==
        file + ": 3 x 1 elements; wanted labels, one dimension of bytes");
  CHECK(with_labels("junk").starts_with(file + ": wrong magic number"));
  folder.write("train-images-idx3-ubyte", idx({12}, "abcdefghijkl"));
  CHECK(error_of(folder.path(), tiny(false)) ==
        (folder.path() / "train-images-idx3-ubyte").string() +
            ": 12 elements; wanted images, three dimensions of bytes");
}

TEST_CASE("a set is fetched from the first mirror that has it, once") {
  const Temporary mirror;
  const Temporary home;
  write_mirror(mirror);
  ImageSet set = tiny(true);
  set.mirrors = {"file:///no/such/place/", url_of(mirror)};
  const std::filesystem::path cache = home.path() / "deep" / "down";
  CHECK(fetch(set, cache, {}).empty());
  CHECK(read_image_set(cache, set).train.size() == 3);
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(cache)) {
    CHECK(file.path().filename().string().ends_with("-ubyte.gz"));
    ++files;
  }
  CHECK(files == 4);
  set.mirrors = {"file:///no/such/place/"};
  CHECK(fetch(set, cache, {}).empty());  // nothing is lacking any more
}

TEST_CASE("a download that is damaged or not the published file is not kept") {
  const Temporary mirror;
  const Temporary cache;
  write_mirror(mirror);
  mirror.write("train-labels-idx1-ubyte.gz", gzipped(idx({3}, "abc")));
  ImageSet set = tiny(true);
  set.mirrors = {url_of(mirror), "file:///no/such/place/"};
  const auto reasons = fetch(set, cache.path(), {});
  REQUIRE(reasons.size() == 2);
  CHECK(reasons[0].starts_with(url_of(mirror) + "train-labels-idx1-ubyte.gz: not train-labels as " +
                               "published: its contents have SHA-256 "));
  CHECK(reasons[1].starts_with("file:///no/such/place/train-labels-idx1-ubyte.gz: "));
  CHECK(missing_from(cache.path(), set) == "no train-labels-idx1-ubyte in it, plain or .gz");
  CHECK_FALSE(std::filesystem::exists(cache.path() / "unchecked-train-labels-idx1-ubyte.gz"));

  mirror.write("train-labels-idx1-ubyte.gz", gzipped(idx({3}, "abc")).substr(0, 20));
  const auto damaged = fetch(set, cache.path(), {});
  REQUIRE(damaged.size() == 2);
  CHECK(damaged[0].find("its gzip compression is cut short") != std::string::npos);

  write_mirror(mirror);
  CHECK(fetch(set, cache.path(), {}).empty());
}

TEST_CASE("a part that does not fit what comes after it is thrown away and fetched again") {
  const Temporary mirror;
  const Temporary cache;
  write_mirror(mirror);
  ImageSet set = tiny(true);
  set.mirrors = {url_of(mirror)};
  cache.write("unchecked-train-images-idx3-ubyte.gz.part", "rubbish");
  CHECK(fetch(set, cache.path(), {}).empty());
  CHECK(read_image_set(cache.path(), set).train.size() == 3);
}

TEST_CASE("a set that has no mirror, or a folder that cannot be made, is said so") {
  const Temporary folder;
  ImageSet set = tiny(true);
  CHECK(fetch(set, folder.path(), {}) ==
        std::vector<std::string>{"nowhere to download it from is known"});
  set.mirrors = {"file:///no/such/place/"};
  folder.write("file", "");
  const std::string inside = (folder.path() / "file" / "cache").string();
  CHECK(fetch(set, inside, {}) ==
        std::vector<std::string>{inside + ": cannot be made: Not a directory"});
}
