#include "datasets/image_set.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../allocations.h"
#include "datasets/published.h"
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

/// The set of image_files().
ImageSet tiny() {
  ImageSet set{"tiny", "Tiny", "TINY", {}, {}};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [name, bytes] = image_files()[i];
    const auto dash = name.rfind("-idx");
    const std::size_t header = name.find("images") == std::string::npos ? 8 : 16;
    set.files[i] = {name.substr(0, dash), name.substr(dash + 1), sha256(bytes),
                    bytes.size() - header};
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
      const TrainAndTest both = read_image_set(folder.path(), tiny());
      CHECK(both.train.name == "tiny");
      CHECK(both.train.origin == "Tiny from " + folder.path().string() + ", SHA-256 verified");
      CHECK(both.train.size() == 3);
      CHECK(both.train.sample_shape == nn::Shape{2, 2});
      CHECK(both.train.bytes.size() == 12);
      CHECK(both.test.size() == 2);
      CHECK(both.test.labels[0] == 2);
      REQUIRE(both.test.files.size() == 2);
      CHECK(both.test.files[1].name.starts_with("t10k-labels"));
      CHECK(both.test.files[1].sha256 == tiny().files[3].sha256);
    }
}

TEST_CASE("what is missing is named") {
  const Temporary folder;
  const ImageSet set = tiny();
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
  CHECK(error_of(folder.path(), tiny()) ==
        (folder.path() / "train-labels-idx1-ubyte").string() +
            ": not Tiny's train-labels as published: its contents have SHA-256 " + sha256(other) +
            ", wanted " + tiny().files[1].sha256);
}

TEST_CASE("a file of another set that is known is called what it is") {
  // No file here has MNIST's hash; a set whose own hash is another's is as good.
  const Temporary folder;
  write_image_files(folder.path());
  CHECK(published_as("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888") ==
        "Fashion-MNIST's train-images");
  CHECK(published_as("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2") ==
        "MNIST's t10k-labels");
  CHECK(published_as(sha256("")).empty());
}

TEST_CASE("no more is read of a file than the published one has") {
  const Temporary folder;
  write_image_files(folder.path());
  folder.write("train-images-idx3-ubyte", idx({4, 2, 2}, "abcdefghijklmnop"));
  CHECK(error_of(folder.path(), tiny()) ==
        (folder.path() / "train-images-idx3-ubyte").string() +
            ": the header promises 4 x 2 x 2 elements, 16 bytes; no more than 12 bytes are read");
}

TEST_CASE("a file of the right name that is no file is not overlooked") {
  const Temporary folder;
  write_image_files(folder.path());
  const std::filesystem::path labels = folder.path() / "train-labels-idx1-ubyte";
  std::filesystem::remove(labels);
  REQUIRE(mkfifo(labels.c_str(), 0600) == 0);
  CHECK(error_of(folder.path(), tiny()) == labels.string() + ": this is not a regular file");
  std::filesystem::remove(labels);
  std::filesystem::create_symlink("/dev/zero", labels);
  CHECK(error_of(folder.path(), tiny()) == labels.string() + ": this is not a regular file");
  std::filesystem::remove(labels);
  std::filesystem::create_symlink("nowhere", labels);
  CHECK(error_of(folder.path(), tiny()) == labels.string() + ": there is no such file");
}

TEST_CASE("a set is fetched from the first mirror that has it, once") {
  const Temporary mirror;
  const Temporary home;
  write_mirror(mirror);
  ImageSet set = tiny();
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
  ImageSet set = tiny();
  set.mirrors = {url_of(mirror), "file:///no/such/place/"};
  const auto reasons = fetch(set, cache.path(), {});
  REQUIRE(reasons.size() == 2);
  CHECK(reasons[0].starts_with(url_of(mirror) + "train-labels-idx1-ubyte.gz: " +
                               (cache.path() / "unchecked-train-labels-idx1-ubyte.gz").string() +
                               ": not Tiny's train-labels as published: its contents have "
                               "SHA-256 "));
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
  ImageSet set = tiny();
  set.mirrors = {url_of(mirror)};
  cache.write("unchecked-train-images-idx3-ubyte.gz.part", "rubbish");
  CHECK(fetch(set, cache.path(), {}).empty());
  CHECK(read_image_set(cache.path(), set).train.size() == 3);
}

TEST_CASE("a damaged file in the cache is fetched anew, a good one is not") {
  const Temporary mirror;
  const Temporary cache;
  write_mirror(mirror);
  write_image_files(cache.path());
  cache.write("train-images-idx3-ubyte", "damaged");
  std::filesystem::remove(mirror.path() / "t10k-images-idx3-ubyte.gz");  // nobody needs it
  ImageSet set = tiny();
  set.mirrors = {url_of(mirror)};
  CHECK(fetch(set, cache.path(), {}).empty());
  CHECK(read_image_set(cache.path(), set).train.size() == 3);
  CHECK_FALSE(std::filesystem::exists(cache.path() / "train-images-idx3-ubyte"));
}

TEST_CASE("a mirror's file that is larger than the published one can be is given up") {
  const Temporary mirror;
  const Temporary cache;
  write_mirror(mirror);
  std::ofstream(mirror.path() / "train-images-idx3-ubyte.gz") << std::string(1'000'000, 'x');
  ImageSet set = tiny();
  set.mirrors = {url_of(mirror)};
  CHECK(fetch(set, cache.path(), {}) ==
        std::vector<std::string>{url_of(mirror) + "train-images-idx3-ubyte.gz: there is more than "
                                                  "the 4108 bytes that are wanted"});
  CHECK(std::filesystem::is_empty(cache.path()));
}

TEST_CASE("a mirror's gzip that inflates beyond the published file is given up") {
  const Temporary mirror;
  const Temporary cache;
  write_mirror(mirror);
  mirror.write("train-images-idx3-ubyte.gz", gzipped(idx({3, 2, 2}, std::string(3'000'000, '\0'))));
  ImageSet set = tiny();
  set.mirrors = {url_of(mirror)};
  allocations::largest = 0;
  const auto reasons = fetch(set, cache.path(), {});
  REQUIRE(reasons.size() == 1);
  CHECK(reasons[0].ends_with("more data than the 3 x 2 x 2 elements that the header promises"));
  CHECK(allocations::largest < std::size_t{2} << 20U);
  CHECK(std::filesystem::is_empty(cache.path()));
}

TEST_CASE("a set that has no mirror, or a folder that cannot be made, is said so") {
  const Temporary folder;
  ImageSet set = tiny();
  CHECK(fetch(set, folder.path(), {}) ==
        std::vector<std::string>{"nowhere to download it from is known"});
  set.mirrors = {"file:///no/such/place/"};
  folder.write("file", "");
  const std::string inside = (folder.path() / "file" / "cache").string();
  CHECK(fetch(set, inside, {}) ==
        std::vector<std::string>{inside + ": cannot be made: Not a directory"});
}
