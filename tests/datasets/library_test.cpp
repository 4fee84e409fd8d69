#include "datasets/library.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "image_files.h"
#include "nobody.h"
#include "temporary.h"
#include "tests/close.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

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

/// How reading a set that is not MNIST, but lies where MNIST was looked for, fails.
std::string not_mnist_in(const std::filesystem::path& folder) {
  return (folder / "train-images-idx3-ubyte").string() +
         ": not MNIST's train-images as published: its contents have SHA-256 ";
}

const std::string wanted_files =
    "train-images-idx3-ubyte and train-labels-idx1-ubyte, or names such as "
    "emnist-letters-train-images-idx3-ubyte, plain or .gz";

bool has_fashion_mnist() {
  return std::filesystem::exists("/usr/share/datasets/fashion-mnist");
}

}  // namespace

TEST_CASE("a published set is looked for in the ways a folder may hold it, and nowhere else") {
  for (const char* inside : {"", "raw", "mnist", "MNIST/raw"}) {
    CAPTURE(inside);
    const Temporary named;
    const Temporary cache;
    write_image_files(cache.path() / "mnist");
    const std::string nowhere = error_of("mnist", {.folder = named.path(), .cache = cache.path()});
    CHECK(nowhere == named.path().string() + ": MNIST is not in it. Tried:\n  " +
                         named.path().string() +
                         ": no train-images-idx3-ubyte in it, plain or .gz\n  " +
                         (named.path() / "raw").string() + ": there is no such folder\n  " +
                         (named.path() / "mnist").string() + ": there is no such folder\n  " +
                         (named.path() / "MNIST" / "raw").string() + ": there is no such folder");
    const auto place = *inside == 0 ? named.path() : named.path() / inside;
    write_image_files(place);
    CHECK(contains(error_of("mnist", {.folder = named.path()}), not_mnist_in(place)));
    CHECK(contains(error_of("mnist", {.collection = named.path()}), not_mnist_in(place)));
  }
  const Temporary fashion;
  write_image_files(fashion.path() / "FashionMNIST" / "raw");
  CHECK(contains(error_of("fashion-mnist", {.folder = fashion.path()}),
                 "not Fashion-MNIST's train-images as published"));
}

TEST_CASE("a folder that was named and cannot be read is refused, whatever else there is") {
  const Temporary folder;
  const std::string none = (folder.path() / "none").string();
  for (const char* name : {"auto", "mnist", "fashion-mnist"}) {
    CHECK(error_of(name, {.folder = none}) == none + ": there is no such folder");
    CHECK(error_of(name, {.collection = none}) == none + ": there is no such folder");
  }
}

TEST_CASE("auto is whatever the folder holds that was named") {
  const Temporary named;
  const auto name_of = [&] { return load("auto", {.folder = named.path()}).train.name; };
  const std::string path = named.path().string();
  CHECK(error_of("auto", {.folder = path}) ==
        path + ": no IDX files in it or its folders; looked for " + wanted_files);
  CHECK(error_of("auto", {.collection = path}) ==
        path + ": no IDX files in it or its folders; looked for " + wanted_files);
  write_image_files(named.path() / "KMNIST" / "raw");
  CHECK(name_of() == "KMNIST");
  CHECK(load("auto", {.collection = named.path()}).train.name == "KMNIST");
  write_image_files(named.path() / "mine");
  CHECK(error_of("auto", {.folder = path}) ==
        path + ": 2 sets in its folders; name one as the dataset:\n  idx:" + path +
            "/KMNIST/raw\n  idx:" + path + "/mine");
  CHECK(load("idx:" + path + "/KMNIST").train.name == "KMNIST");
  write_image_files(named.path());
  CHECK(name_of() == named.path().filename().string());
  // What is wrong with its files is said; nothing is taken in their stead.
  named.write("train-labels-idx1-ubyte", "<html>");
  CHECK(error_of("auto", {.folder = path}) ==
        path +
            "/train-labels-idx1-ubyte: this is an HTML or XML page, such as a server's error "
            "page; wanted an IDX file");
}

TEST_CASE("a folder inside that cannot be read is said") {
  const Temporary named;
  const std::filesystem::path locked = named.path() / "MNIST" / "raw";
  write_image_files(locked);
  std::filesystem::permissions(named.path(), std::filesystem::perms::all);
  std::filesystem::permissions(named.path() / "MNIST", std::filesystem::perms::all);
  std::filesystem::permissions(locked, std::filesystem::perms::none);
  {
    const Nobody nobody;
    const std::string path = named.path().string();
    CHECK(error_of("auto", {.folder = path}) ==
          path + ": no IDX files in it or its folders; " + locked.string() +
              " cannot be read: Permission denied; looked for " + wanted_files);
    CHECK(contains(error_of("mnist", {.folder = path}),
                   "\n  " + locked.string() + ": cannot be read: Permission denied"));
  }
  std::filesystem::permissions(locked, std::filesystem::perms::owner_all);
}

TEST_CASE("a set under another's name is refused: Fashion-MNIST is never called MNIST") {
  const Temporary folder;
  write_image_files(folder.path());
  CHECK(contains(error_of("mnist", {.folder = folder.path()}), "wanted ba891046"));
  CHECK(contains(error_of("fashion-mnist", {.folder = folder.path()}), "wanted c59f468a"));
}

TEST_CASE("a name that cannot be had says what was tried, and never falls back") {
  const Temporary home;
  const LibraryOptions nothing{.cache = home.path(), .may_download = false};
  CHECK(error_of("mnist", nothing) ==
        "MNIST was not found and could not be downloaded. Tried:\n  " +
            (home.path() / "mnist").string() +
            ": there is no such folder\n  /usr/share/datasets/mnist: there is no such folder\n  "
            "download: it was not allowed");
  CHECK_THROWS_AS(load("mnist", nothing), NotFound);
  const std::string mirror = "file:///no/such/place/";
  CHECK(contains(error_of("mnist", {.cache = home.path(), .mirrors = {mirror}}),
                 "\n  download: " + mirror + "train-images-idx3-ubyte.gz: "));
  CHECK(contains(error_of("mnist", {}), "\n  download: there is no cache to keep it in"));
  if (!has_fashion_mnist())
    CHECK(contains(error_of("fashion-mnist", nothing), "download: it was not allowed"));
  CHECK(error_of("minst", {}) ==
        "no dataset is called 'minst'; known: auto, mnist, fashion-mnist, "
        "digits, spirals, moons, and idx:FOLDER");
}

TEST_CASE("auto takes what there is if no place was named, and says why it is not MNIST") {
  const Temporary home;
  LibraryOptions options{.cache = home.path(),
                         .mirrors = {"file:///no/such/place/"},
                         .generated_train = 30,
                         .generated_test = 10};
  const TrainAndTest both = load("auto", options);
  const std::string why =
      "(MNIST was not found; download: file:///no/such/place/"
      "train-images-idx3-ubyte.gz: ";
  CHECK(contains(both.train.origin, why));
  if (has_fashion_mnist()) {
    CHECK(
        both.train.origin.starts_with("Fashion-MNIST from /usr/share/datasets/fashion-mnist, "
                                      "SHA-256 verified " +
                                      why));
  } else {
    CHECK(both.train.name == "digits");
    CHECK(both.train.origin.starts_with("digits, generated " + why));
    CHECK(both.train.origin.ends_with("; Fashion-MNIST is not installed)"));
    CHECK(both.train.size() == 30);
    CHECK(both.train.bytes != both.test.bytes);
  }
  // What is damaged in the cache, and cannot be fetched anew, is as good as not there.
  write_image_files(home.path() / "mnist");
  CHECK(contains(load("auto", options).train.origin, why));
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
  const TrainAndTest mnist = load("mnist", {.collection = data, .may_download = false});
  CHECK(mnist.train.size() == 60'000);
  CHECK(mnist.test.size() == 10'000);
  CHECK(mnist.train.labels[0] == 5);
  CHECK(contains(mnist.train.origin, "SHA-256 verified"));
  const Normalization n = standardize(mnist.train);  // the well-known 0.1307 and 0.3081
  CHECK(1 / n.scale / 255 == close(0.3081, 1e-3));
  CHECK(-n.shift / n.scale / 255 == close(0.1307, 1e-3));
  const std::filesystem::path published = std::filesystem::path(data) / "mnist";
  CHECK(load("auto", {.folder = published}).train.name == "mnist");
  CHECK(load("auto", {.collection = data}).train.origin == mnist.train.origin);
  // From a mirror that is a folder: fetched, checked, found in the cache the next time.
  const Temporary home;
  const std::string url = "file://" + published.string() + "/";
  const LibraryOptions from_mirror{.cache = home.path(),
                                   .mirrors = {"file:///no/such/place/", url}};
  const LibraryOptions from_cache{.cache = home.path(), .may_download = false};
  CHECK(load("mnist", from_mirror).train.size() == 60'000);
  CHECK(load("mnist", from_cache).test.size() == 10'000);
  // Damaged there, it is fetched anew.
  std::filesystem::resize_file(home.path() / "mnist" / "t10k-images-idx3-ubyte.gz", 1'000'000);
  CHECK(contains(error_of("mnist", from_cache), "its gzip compression is cut short"));
  CHECK(load("mnist", from_mirror).test.size() == 10'000);
  CHECK(load("mnist", from_cache).test.size() == 10'000);
  // As torchvision has it, and under the name of another.
  const Temporary root;
  std::filesystem::create_directories(root.path() / "MNIST");
  std::filesystem::create_directory_symlink(published, root.path() / "MNIST" / "raw");
  for (const char* name : {"auto", "mnist"})
    CHECK(load(name, {.folder = root.path()}).train.origin ==
          "MNIST from " + (root.path() / "MNIST" / "raw").string() + ", SHA-256 verified");
  CHECK(contains(error_of("fashion-mnist", {.folder = published}),
                 "these are MNIST's train-images; wanted Fashion-MNIST's train-images"));
  // What a collection lacks is looked for elsewhere, and that is said.
  const Temporary empty;
  CHECK(load("mnist", {.collection = empty.path(), .cache = home.path()}).train.origin ==
        "MNIST from " + (home.path() / "mnist").string() + ", SHA-256 verified, for it is not in " +
            empty.path().string());
}
