#include "datasets/library.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "datasets/digits.h"
#include "datasets/fail.h"
#include "datasets/own_set.h"
#include "datasets/points.h"
#include "datasets/published.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

/// Where a set may lie in a folder that was named.
std::vector<fs::path> places_in(const fs::path& folder, const ImageSet& set) {
  return {folder, folder / "raw", folder / set.name, folder / set.torchvision / "raw"};
}

/// Reads a set from the first place that holds it; one whose files are wrong is refused. Says in
/// `tried` why the others do not hold it.
std::optional<TrainAndTest> read_named(const ImageSet& set, const std::vector<fs::path>& places,
                                       std::string& tried) {
  for (const fs::path& place : places) {
    const std::string missing = missing_from(place, set);
    if (missing.empty()) return read_image_set(place, set);
    tried += "\n  " + place.string() + ": " + missing;
  }
  return {};
}

/// The same of a place that nobody named: what is damaged there is not there.
std::optional<TrainAndTest> read_if_good(const ImageSet& set, const fs::path& place,
                                         std::string& tried) {
  try {
    return read_image_set(place, set);
  } catch (const std::runtime_error& error) {
    tried += std::string("\n  ") + error.what();
    return {};
  }
}

/// Finds a set where nobody had to say that it is.
std::optional<TrainAndTest> find(const ImageSet& set, const LibraryOptions& options,
                                 std::string& tried) {
  if (!options.cache.empty())
    if (auto found = read_if_good(set, options.cache / set.name, tried)) return found;
  return read_if_good(set, fs::path("/usr/share/datasets") / set.name, tried);
}

/// Finds a set, or downloads it into the cache.
std::optional<TrainAndTest> find_or_fetch(ImageSet set, const LibraryOptions& options,
                                          const DownloadOptions& how, std::string& tried) {
  if (auto found = find(set, options, tried)) return found;
  if (!options.may_download || options.cache.empty()) {
    tried += options.cache.empty() ? "\n  download: there is no cache to keep it in"
                                   : "\n  download: it was not allowed";
    return {};
  }
  if (!options.mirrors.empty()) set.mirrors = options.mirrors;
  const std::vector<std::string> reasons = fetch(set, options.cache / set.name, how);
  for (const std::string& reason : reasons) tried += "\n  download: " + reason;
  if (!reasons.empty()) return {};
  return read_image_set(options.cache / set.name, set);
}

TrainAndTest load_published(const ImageSet& set, const LibraryOptions& options) {
  std::string tried;
  for (const fs::path& named : {options.folder, options.collection})
    if (const std::string why = named.empty() ? "" : unreadable(named); !why.empty())
      fail(named.string() + ": " + why);
  if (!options.folder.empty()) {
    if (auto found = read_named(set, places_in(options.folder, set), tried))
      return *std::move(found);
    throw NotFound(options.folder.string() + ": " + set.title + " is not in it. Tried:" + tried);
  }
  std::string remark;
  if (!options.collection.empty()) {
    if (auto found = read_named(set, places_in(options.collection, set), tried))
      return *std::move(found);
    remark = ", for it is not in " + options.collection.string();
  }
  auto found = find_or_fetch(set, options, {.progress = options.progress}, tried);
  if (!found)
    throw NotFound(set.title + " was not found and could not be downloaded. Tried:" + tried);
  for (Dataset* d : {&found->train, &found->test}) d->origin += remark;
  return *std::move(found);
}

TrainAndTest load_digits(const LibraryOptions& options) {
  return {digits(options.seed, options.generated_train, 0),
          digits(options.seed, options.generated_test, 1)};
}

/// "download: URL: why", the last of what was tried.
std::string last_line(const std::string& tried) {
  return tried.substr(tried.find_last_of('\n') + 3);
}

/// Only where nobody named a place is there something to fall back on.
TrainAndTest load_auto(const LibraryOptions& options) {
  if (!options.folder.empty()) return read_any_set(options.folder, options.most_bytes);
  if (!options.collection.empty()) return read_any_set(options.collection, options.most_bytes);
  std::string tried;
  const DownloadOptions quick{.connect_timeout_ms = 1400,  // two mirrors, 3 seconds
                              .stall_timeout_s = 5,
                              .attempts = 1,
                              .progress = options.progress};
  if (auto found = find_or_fetch(*published_set("mnist"), options, quick, tried))
    return *std::move(found);

  std::string why = "MNIST was not found; " + last_line(tried);
  auto found = find(*published_set("fashion-mnist"), options, tried);
  if (!found) {
    found = load_digits(options);
    why += "; Fashion-MNIST is not installed";
  }
  for (Dataset* d : {&found->train, &found->test}) d->origin += " (" + why + ")";
  return *std::move(found);
}

}  // namespace

const std::vector<std::string>& dataset_names() {
  static const std::vector<std::string> names{"auto",   "mnist",   "fashion-mnist",
                                              "digits", "spirals", "moons"};
  return names;
}

bool is_generated(std::string_view name) {
  return name == "digits" || name == "spirals" || name == "moons";
}

TrainAndTest load(std::string_view name, const LibraryOptions& options) {
  if (name.starts_with(own_prefix))
    return read_own_set(name.substr(own_prefix.size()), options.most_bytes);
  if (name == "auto") return load_auto(options);
  if (const ImageSet* set = published_set(name)) return load_published(*set, options);
  if (name == "digits") return load_digits(options);
  const nn::Index train = options.generated_train / 15;  // two features need fewer examples
  const nn::Index test = options.generated_test / 10;
  if (name == "spirals") return {spirals(options.seed, train, 0), spirals(options.seed, test, 1)};
  if (name == "moons") return {moons(options.seed, train, 0), moons(options.seed, test, 1)};
  std::string known;
  for (const std::string& n : dataset_names()) known += n + ", ";
  fail("no dataset is called '" + std::string(name) + "'; known: " + known + "and " +
       std::string(own_prefix) + "FOLDER");
}

}  // namespace anneal::datasets
