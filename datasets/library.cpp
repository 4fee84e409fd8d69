#include "datasets/library.h"

#include <cstdlib>
#include <optional>

#include "datasets/digits.h"
#include "datasets/fail.h"
#include "datasets/points.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

const ImageSet& mnist() {
  static const ImageSet set{
      "mnist",
      "MNIST",
      {{{"train-images", "idx3-ubyte",
         "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
        {"train-labels", "idx1-ubyte",
         "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
        {"t10k-images", "idx3-ubyte",
         "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
        {"t10k-labels", "idx1-ubyte",
         "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}}},
      {"https://ossci-datasets.s3.amazonaws.com/mnist/",
       "https://storage.googleapis.com/cvdf-datasets/mnist/"}};
  return set;
}

const ImageSet& fashion_mnist() {
  static const ImageSet set{
      "fashion-mnist",
      "Fashion-MNIST",
      {{{"train-images", "idx3-ubyte",
         "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
        {"train-labels", "idx1-ubyte",
         "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
        {"t10k-images", "idx3-ubyte",
         "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
        {"t10k-labels", "idx1-ubyte",
         "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}}},
      // Plain http: the hashes above are what is trusted.
      {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"}};
  return set;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing writes it
  return value == nullptr ? "" : value;
}

/// The folder of a set in the user's cache, or an empty path for a user without a home.
fs::path cache_of(const ImageSet& set) {
  const fs::path xdg = environment("XDG_CACHE_HOME");
  // A relative one is to be ignored (XDG Base Directory Specification, "Basics").
  if (xdg.is_absolute()) return xdg / "anneal" / set.name;
  const fs::path home = environment("HOME");
  return home.empty() ? fs::path() : home / ".cache" / "anneal" / set.name;
}

/// Where a set may lie, most particular first.
std::vector<fs::path> places(const ImageSet& set, const LibraryOptions& options) {
  std::vector<fs::path> all;
  if (!options.directory.empty()) all = {options.directory, options.directory / set.name};
  if (const fs::path data = environment("ANNEAL_DATA_DIR"); !data.empty())
    all.push_back(data / set.name);
  if (const fs::path cache = cache_of(set); !cache.empty()) all.push_back(cache);
  all.push_back(fs::path("/usr/share/datasets") / set.name);
  return all;
}

/// Reads a set from the first place that holds it. Says in `tried` why the others do not.
std::optional<TrainAndTest> find(const ImageSet& set, const LibraryOptions& options,
                                 std::string& tried) {
  for (const fs::path& place : places(set, options)) {
    const std::string missing = missing_from(place, set);
    if (missing.empty()) return read_image_set(place, set);
    tried += "\n  " + place.string() + ": " + missing;
  }
  return {};
}

/// Finds a set, or downloads it into the cache.
std::optional<TrainAndTest> find_or_fetch(ImageSet set, const LibraryOptions& options,
                                          const DownloadOptions& how, std::string& tried) {
  if (auto found = find(set, options, tried)) return found;
  const fs::path cache = cache_of(set);
  if (!options.may_download || cache.empty()) {
    tried += cache.empty() ? "\n  download: there is no cache, for HOME is not set"
                           : "\n  download: it was not allowed";
    return {};
  }
  if (!options.mirrors.empty()) set.mirrors = options.mirrors;
  const std::vector<std::string> reasons = fetch(set, cache, how);
  for (const std::string& reason : reasons) tried += "\n  download: " + reason;
  if (!reasons.empty()) return {};
  return read_image_set(cache, set);
}

TrainAndTest load_images(const ImageSet& set, const LibraryOptions& options, const char* advice) {
  std::string tried;
  if (auto found = find_or_fetch(set, options, {.progress = options.progress}, tried))
    return *std::move(found);
  fail(set.title + " is not to be had. Tried:" + tried +
       "\nPut the four files (train-images-idx3-ubyte.gz and so on) into a folder and name it with "
       "--data, " +
       advice);
}

TrainAndTest load_digits(const LibraryOptions& options) {
  return {digits(options.seed, options.generated_train, 0),
          digits(options.seed, options.generated_test, 1)};
}

TrainAndTest load_auto(const LibraryOptions& options) {
  std::string tried;
  const DownloadOptions quick{.connect_timeout_ms = 1400,  // two mirrors, 3 seconds
                              .stall_timeout_s = 5,
                              .attempts = 1,
                              .progress = options.progress};
  if (auto found = find_or_fetch(mnist(), options, quick, tried)) return *std::move(found);

  std::string why = "MNIST is neither here nor to be fetched";
  auto found = find(fashion_mnist(), options, tried);
  if (!found) {
    found = load_digits(options);
    why += ", Fashion-MNIST is not installed";
  }
  found->train.origin += " (" + why + ")";
  found->test.origin = found->train.origin;
  return *std::move(found);
}

}  // namespace

const std::vector<std::string>& dataset_names() {
  static const std::vector<std::string> names{"auto",   "mnist",   "fashion-mnist",
                                              "digits", "spirals", "moons"};
  return names;
}

TrainAndTest load(std::string_view name, const LibraryOptions& options) {
  if (name == "auto") return load_auto(options);
  if (name == "mnist")
    return load_images(mnist(), options, "or choose --dataset fashion-mnist or --dataset digits.");
  if (name == "fashion-mnist")
    return load_images(fashion_mnist(), options,
                       "or on Debian and Ubuntu: apt-get install dataset-fashion-mnist.");
  if (name == "digits") return load_digits(options);
  const nn::Index train = options.generated_train / 15;  // a plane is soon full
  const nn::Index test = options.generated_test / 10;
  if (name == "spirals") return {spirals(options.seed, train, 0), spirals(options.seed, test, 1)};
  if (name == "moons") return {moons(options.seed, train, 0), moons(options.seed, test, 1)};
  std::string known;
  for (const std::string& n : dataset_names()) known += (known.empty() ? "" : ", ") + n;
  fail("no dataset is called '" + std::string(name) + "'; known: " + known);
}

}  // namespace anneal::datasets
