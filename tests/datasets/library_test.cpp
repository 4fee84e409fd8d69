#include "datasets/library.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "temporary.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

/// The environment of a user whose home is empty, for the time of a test.
class EmptyHome {
 public:
  EmptyHome() {
    data_ = value("ANNEAL_DATA_DIR");
    unsetenv("ANNEAL_DATA_DIR");
    setenv("XDG_CACHE_HOME", home_.path().c_str(), 1);
  }
  ~EmptyHome() {
    if (!data_.empty()) setenv("ANNEAL_DATA_DIR", data_.c_str(), 1);
    unsetenv("XDG_CACHE_HOME");
  }
  EmptyHome(const EmptyHome&) = delete;
  EmptyHome& operator=(const EmptyHome&) = delete;
  std::filesystem::path cache() const { return home_.path() / "anneal" / "mnist"; }

 private:
  static std::string value(const char* name) {
    const char* v = std::getenv(name);
    return v == nullptr ? "" : v;
  }
  Temporary home_;
  std::string data_;
};

std::string idx(const std::vector<unsigned char>& extents, const std::string& data) {
  std::string bytes{0, 0, 8, static_cast<char>(extents.size())};
  for (const unsigned char e : extents) bytes += std::string(3, '\0') + static_cast<char>(e);
  return bytes + data;
}

/// A set of 3 training and 2 test images of 2 x 2.
void write_set(const Temporary& folder, const std::string& separator = "-") {
  const std::string images = "idx3-ubyte";
  const std::string labels = "idx1-ubyte";
  folder.write("train-images" + separator + images, idx({3, 2, 2}, "abcdefghijkl"));
  folder.write("train-labels" + separator + labels, idx({3}, std::string("\0\1\2", 3)));
  folder.write("t10k-images" + separator + images, idx({2, 2, 2}, "abcdefgh"));
  folder.write("t10k-labels" + separator + labels, idx({2}, std::string("\3\4", 2)));
}

std::string error_of(const char* name, const LibraryOptions& options) {
  try {
    load(name, options);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a set is found in the folder that is named, under either spelling of the files") {
  const EmptyHome home;
  for (const char* separator : {"-", "."}) {
    const Temporary folder;
    write_set(folder, separator);
    const TrainAndTest both = load("mnist", {.directory = folder.path()});
    CHECK(both.train.size() == 3);
    CHECK(both.test.size() == 2);
    CHECK(both.train.features() == 4);
    CHECK(both.test.labels[1] == 4);
    CHECK(both.train.origin ==
          "MNIST from " + folder.path().string() + ", which are not the published files");
  }
}

TEST_CASE("ANNEAL_DATA_DIR/<name> and the cache are looked into") {
  EmptyHome home;
  const Temporary data;
  std::filesystem::create_directory(data.path() / "mnist");
  const Temporary set;
  write_set(set);
  for (const auto& file : std::filesystem::directory_iterator(set.path()))
    std::filesystem::copy(file, data.path() / "mnist");
  setenv("ANNEAL_DATA_DIR", data.path().c_str(), 1);
  CHECK(load("mnist", {.may_download = false}).train.size() == 3);
  unsetenv("ANNEAL_DATA_DIR");
  std::filesystem::create_directories(home.cache());
  for (const auto& file : std::filesystem::directory_iterator(set.path()))
    std::filesystem::copy(file, home.cache());
  CHECK(load("mnist", {.may_download = false}).train.size() == 3);
}

TEST_CASE("a set whose parts do not agree is refused with folder and numbers") {
  const EmptyHome home;
  const Temporary folder;
  write_set(folder);
  folder.write("train-labels-idx1-ubyte", idx({2}, std::string("\0\1", 2)));
  CHECK(error_of("mnist", {.directory = folder.path()}) ==
        folder.path().string() + ": 3 train-images but 2 train-labels");
  write_set(folder);
  folder.write("train-labels-idx1-ubyte", idx({3}, std::string("\0\1\xa", 3)));
  CHECK(error_of("mnist", {.directory = folder.path()}) ==
        "mnist: label 10 of example 2 is not in [0, 10)");
  folder.write("train-labels-idx1-ubyte", idx({3, 1}, std::string("\0\1\2", 3)));
  CHECK(error_of("mnist", {.directory = folder.path()}) ==
        (folder.path() / "train-labels-idx1-ubyte").string() +
            ": 3 x 1 elements; wanted labels, one dimension of bytes");
}

TEST_CASE("a name that cannot be had says what was tried and what to do, and never falls back") {
  const EmptyHome home;
  const Temporary empty;
  const std::string error = error_of("mnist", {.directory = empty.path(), .may_download = false});
  CHECK(contains(error, "MNIST is not to be had. Tried:\n  " + empty.path().string() +
                            ": does not hold the four files\n"));
  CHECK(contains(error, home.cache().string()));
  CHECK(contains(error, "name it with --data, or choose --dataset fashion-mnist"));
  CHECK(error_of("minst", {}) ==
        "no dataset is called 'minst'; known: auto, mnist, fashion-mnist, digits, spirals, moons");
}

TEST_CASE("a download that is not the published file is not kept") {
  EmptyHome home;
  const Temporary mirror;
  for (const char* name : {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                           "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"})
    mirror.write(name, idx({3}, "abc"));
  const std::string url = "file://" + mirror.path().string() + "/";
  const std::string error = error_of("mnist", {.mirrors = {url}});
  CHECK(contains(error, url + "train-images-idx3-ubyte.gz: is not the published file"));
  CHECK(std::filesystem::is_empty(home.cache()));
  const std::string missing = error_of("mnist", {.mirrors = {"file:///no/such/place/"}});
  CHECK(contains(missing, "file:///no/such/place/train-images-idx3-ubyte.gz: "));
}

TEST_CASE("an interrupted download is gone on with, and put in place only when whole") {
  const Temporary mirror;
  const Temporary target;
  std::string data;
  for (int i = 0; i < 100'000; ++i) data += static_cast<char>(i * i);
  mirror.write("x", data);
  target.write("y.part", data.substr(0, 60'000));
  double first_seen = -1;
  DownloadOptions options;
  options.progress = [&](const std::string& /*file*/, double arrived, double /*total*/) {
    if (first_seen < 0) first_seen = arrived;
  };
  const std::string url = "file://" + (mirror.path() / "x").string();
  CHECK(download(url, target.path() / "y", options).empty());
  CHECK(target.read("y") == data);
  CHECK(first_seen >= 60'000);
  CHECK(!std::filesystem::exists(target.path() / "y.part"));
}

TEST_CASE("MNIST as published") {
  const char* data = std::getenv("ANNEAL_DATA_DIR");
  if (data == nullptr || !std::filesystem::exists(std::filesystem::path(data) / "mnist")) {
    MESSAGE("skipped: ANNEAL_DATA_DIR names no folder with mnist in it");
    return;
  }
  const TrainAndTest mnist = load("mnist", {.may_download = false});
  CHECK(mnist.train.size() == 60'000);
  CHECK(mnist.test.size() == 10'000);
  CHECK(mnist.train.labels[0] == 5);
  CHECK(contains(mnist.train.origin, "SHA-256 verified"));
  const Normalization n = standardize(mnist.train);  // the well-known 0.1307 and 0.3081
  CHECK(1 / n.scale / 255 == doctest::Approx(0.3081).epsilon(1e-3));
  CHECK(-n.shift / n.scale / 255 == doctest::Approx(0.1307).epsilon(1e-3));
  // From a mirror that is a folder: fetched, checked, found in the cache the next time.
  EmptyHome home;
  const std::string url = "file://" + (std::filesystem::path(data) / "mnist").string() + "/";
  CHECK(load("mnist", {.mirrors = {"file:///no/such/place/", url}}).train.size() == 60'000);
  CHECK(load("mnist", {.may_download = false}).test.size() == 10'000);
}
