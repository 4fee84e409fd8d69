#include "datasets/library.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "image_files.h"
#include "temporary.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

/// The environment of a user whose home is empty, for the time of a test.
class EmptyHome {
 public:
  EmptyHome() {
    set("ANNEAL_DATA_DIR", "");
    set("XDG_CACHE_HOME", (home_.path() / "cache").string());
    set("HOME", home_.path().string());
  }
  ~EmptyHome() {
    set("ANNEAL_DATA_DIR", data_);
    set("XDG_CACHE_HOME", cache_);
    set("HOME", user_);
  }
  EmptyHome(const EmptyHome&) = delete;
  EmptyHome& operator=(const EmptyHome&) = delete;
  std::filesystem::path cache() const { return home_.path() / "cache" / "anneal" / "mnist"; }
  const std::filesystem::path& path() const { return home_.path(); }

 private:
  static std::string value(const char* name) {
    const char* v = std::getenv(name);
    return v == nullptr ? "" : v;
  }
  static void set(const char* name, const std::string& v) {
    if (v.empty())
      unsetenv(name);
    else
      setenv(name, v.c_str(), 1);
  }
  Temporary home_;
  std::string data_ = value("ANNEAL_DATA_DIR");
  std::string cache_ = value("XDG_CACHE_HOME");
  std::string user_ = value("HOME");
};

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

TEST_CASE("places are looked into in their order, and only the published files will do") {
  EmptyHome home;
  const Temporary named;
  const Temporary data;
  // A set that is not MNIST lies in every place; the error says which one was found.
  const auto found_in = [&](const std::filesystem::path& folder) {
    const std::string error = error_of("mnist", {.directory = named.path(), .may_download = false});
    return contains(error, (folder / "train-images-idx3-ubyte").string() +
                               ": not train-images as published: its contents have SHA-256 ");
  };
  write_image_files(home.cache());
  CHECK(found_in(home.cache()));
  setenv("ANNEAL_DATA_DIR", data.path().c_str(), 1);
  write_image_files(data.path() / "mnist");
  CHECK(found_in(data.path() / "mnist"));
  unsetenv("ANNEAL_DATA_DIR");
  write_image_files(named.path() / "mnist");
  CHECK(found_in(named.path() / "mnist"));
  write_image_files(named.path());
  CHECK(found_in(named.path()));
}

TEST_CASE("a set under another's name is refused: Fashion-MNIST is never called MNIST") {
  const EmptyHome home;
  const Temporary folder;
  write_image_files(folder.path());
  CHECK(contains(error_of("mnist", {.directory = folder.path()}), " (MNIST)"));
  CHECK(contains(error_of("fashion-mnist", {.directory = folder.path()}), " (Fashion-MNIST)"));
  CHECK(contains(error_of("auto", {.directory = folder.path()}), " (MNIST)"));
}

TEST_CASE("a name that cannot be had says what was tried and what to do, and never falls back") {
  const EmptyHome home;
  const Temporary empty;
  const std::string files =
      "\nPut the four files (train-images-idx3-ubyte.gz and so on) into a folder and name it with "
      "--data, or ";
  CHECK(error_of("mnist", {.directory = empty.path(), .may_download = false}) ==
        "MNIST is not to be had. Tried:\n  " + empty.path().string() +
            ": no train-images-idx3-ubyte in it, plain or .gz\n  " +
            (empty.path() / "mnist").string() + ": there is no such folder\n  " +
            home.cache().string() +
            ": there is no such folder\n  /usr/share/datasets/mnist: there is no such folder\n  "
            "download: it was not allowed" +
            files + "choose --dataset fashion-mnist or --dataset digits.");
  const std::string mirror = "file:///no/such/place/";
  CHECK(contains(error_of("mnist", {.mirrors = {mirror}}),
                 "\n  download: " + mirror + "train-images-idx3-ubyte.gz: "));
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    const std::string error = error_of("fashion-mnist", {.may_download = false});
    CHECK(contains(error, "download: it was not allowed" + files +
                              "on Debian and Ubuntu: apt-get install dataset-fashion-mnist."));
  }
  CHECK(error_of("minst", {}) ==
        "no dataset is called 'minst'; known: auto, mnist, fashion-mnist, digits, spirals, moons");
}

TEST_CASE("the cache is XDG_CACHE_HOME, or ~/.cache if that is not an absolute path, or none") {
  const EmptyHome home;
  CHECK(contains(error_of("mnist", {.may_download = false}), "\n  " + home.cache().string() + ":"));
  for (const char* unusable : {"", "relative"}) {
    setenv("XDG_CACHE_HOME", unusable, 1);
    CHECK(contains(error_of("mnist", {.may_download = false}),
                   "\n  " + (home.path() / ".cache" / "anneal" / "mnist").string() + ":"));
  }
  unsetenv("HOME");
  CHECK(contains(error_of("mnist", {}), "\n  download: there is no cache, for HOME is not set\n"));
}

TEST_CASE("auto takes what there is, and says why it is not MNIST") {
  const EmptyHome home;
  const TrainAndTest both = load(
      "auto", {.mirrors = {"file:///no/such/place/"}, .generated_train = 30, .generated_test = 10});
  if (std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    CHECK(both.train.origin ==
          "Fashion-MNIST from /usr/share/datasets/fashion-mnist, SHA-256 verified (MNIST is "
          "neither here nor to be fetched)");
  } else {
    CHECK(both.train.name == "digits");
    CHECK(both.train.origin ==
          "digits, generated (MNIST is neither here nor to be fetched, Fashion-MNIST is not "
          "installed)");
    CHECK(both.train.size() == 30);
    CHECK(both.train.bytes != both.test.bytes);
  }
}

TEST_CASE("sets that are generated come by name") {
  for (const char* name : {"digits", "spirals", "moons"}) {
    const TrainAndTest both = load(name, {.generated_train = 1500, .generated_test = 100});
    CHECK(both.train.name == name);
    CHECK(both.train.size() == (both.train.features() == 2 ? 100 : 1500));
    CHECK(both.test.size() > 0);
    CHECK(load(name, {.seed = 2, .generated_train = 1500}).train.origin == both.train.origin);
  }
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
