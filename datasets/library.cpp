#include "datasets/library.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "datasets/digits.h"
#include "datasets/fail.h"
#include "datasets/idx.h"
#include "datasets/points.h"
#include "datasets/sha256.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

/// One of the four files of an MNIST-like set.
struct Part {
  const char* stem;    ///< "train-images"
  const char* suffix;  ///< "idx3-ubyte"
  const char* sha256;  ///< of the IDX data; a .gz differs from packager to packager
};
struct ImageSet {
  const char* name;
  const char* title;
  std::vector<std::string> mirrors;
  std::array<Part, 4> parts;  ///< training images and labels, test images and labels
};

const ImageSet mnist{"mnist",
                     "MNIST",
                     {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                      "https://storage.googleapis.com/cvdf-datasets/mnist/"},
                     {Part{"train-images", "idx3-ubyte",
                           "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
                      Part{"train-labels", "idx1-ubyte",
                           "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
                      Part{"t10k-images", "idx3-ubyte",
                           "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
                      Part{"t10k-labels", "idx1-ubyte",
                           "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}}};
const ImageSet fashion{
    "fashion-mnist",
    "Fashion-MNIST",
    {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"},  // the hash is what is trusted
    {Part{"train-images", "idx3-ubyte",
          "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
     Part{"train-labels", "idx1-ubyte",
          "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
     Part{"t10k-images", "idx3-ubyte",
          "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
     Part{"t10k-labels", "idx1-ubyte",
          "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}}};

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing writes it
  return value == nullptr ? "" : value;
}

fs::path cache_of(const ImageSet& set) {
  const std::string xdg = environment("XDG_CACHE_HOME");
  const std::string home = environment("HOME");
  if (xdg.empty() && home.empty()) return {};
  return (xdg.empty() ? fs::path(home) / ".cache" : fs::path(xdg)) / "anneal" / set.name;
}

/// The file of a part in a folder, under any of the names in use, or nothing.
std::optional<fs::path> find_part(const fs::path& folder, const Part& part) {
  for (const char* separator : {"-", "."})
    for (const char* ending : {"", ".gz"}) {
      const fs::path file = folder / (std::string(part.stem) + separator + part.suffix + ending);
      std::error_code ignored;
      if (fs::is_regular_file(file, ignored)) return file;
    }
  return {};
}

bool holds(const fs::path& folder, const ImageSet& set) {
  for (const Part& part : set.parts)
    if (!find_part(folder, part)) return false;
  return true;
}

IdxArray read_part(const fs::path& folder, const Part& part, bool& published) {
  const auto file = find_part(folder, part);
  IdxArray array = read_idx(*file);
  const std::size_t rank = std::string_view(part.suffix) == "idx3-ubyte" ? 3 : 1;
  if (array.extents.size() != rank || array.values.index() != 0)
    fail(file->string() + ": " + array.shape_text() + " elements; wanted " +
         (rank == 3 ? "images, three dimensions of bytes" : "labels, one dimension of bytes"));
  published = published && array.sha256 == part.sha256;
  return array;
}

Dataset read_half(const fs::path& folder, const ImageSet& set, std::size_t first, bool& published) {
  IdxArray images = read_part(folder, set.parts[first], published);
  IdxArray labels = read_part(folder, set.parts[first + 1], published);
  if (images.extents[0] != labels.extents[0])
    fail(folder.string() + ": " + std::to_string(images.extents[0]) + " " + set.parts[first].stem +
         " but " + std::to_string(labels.extents[0]) + " " + set.parts[first + 1].stem);
  Dataset d;
  d.name = set.name;
  d.sample_shape = nn::Shape{images.extents[1], images.extents[2]};
  d.classes = 10;
  d.bytes = std::get<0>(std::move(images.values));
  d.labels = std::get<0>(std::move(labels.values));
  d.check();
  return d;
}

TrainAndTest read_set(const fs::path& folder, const ImageSet& set) {
  bool published = true;
  TrainAndTest both{read_half(folder, set, 0, published), read_half(folder, set, 2, published)};
  both.train.origin = std::string(set.title) + " from " + folder.string() +
                      (published ? ", SHA-256 verified" : ", which are not the published files");
  both.test.origin = both.train.origin;
  return both;
}

/// Where a set may lie, most particular first.
std::vector<fs::path> places(const ImageSet& set, const LibraryOptions& options) {
  std::vector<fs::path> all;
  if (!options.directory.empty()) all = {options.directory, options.directory / set.name};
  if (const std::string data = environment("ANNEAL_DATA_DIR"); !data.empty())
    all.push_back(fs::path(data) / set.name);
  if (const fs::path cache = cache_of(set); !cache.empty()) all.push_back(cache);
  all.push_back(fs::path("/usr/share/datasets") / set.name);
  return all;
}

std::optional<fs::path> find_set(const ImageSet& set, const LibraryOptions& options,
                                 std::string& tried) {
  for (const fs::path& place : places(set, options)) {
    if (holds(place, set)) return place;
    tried += "\n  " + place.string() + ": does not hold the four files";
  }
  return {};
}

/// Fetches one file from the first mirror that has it whole; says in `tried` what went wrong.
bool fetch_part(const std::vector<std::string>& mirrors, const Part& part, const fs::path& cache,
                const DownloadOptions& how, std::string& tried) {
  const std::string name = std::string(part.stem) + "-" + part.suffix + ".gz";
  for (const std::string& mirror : mirrors) {
    const fs::path unchecked = cache / ("unchecked-" + name);
    std::string why = download(mirror + name, unchecked, how);
    if (why.empty()) try {
        if (read_idx(unchecked).sha256 == part.sha256) {
          fs::rename(unchecked, cache / name);
          return true;
        }
        why = mirror + name + ": is not the published file";
      } catch (const std::runtime_error& error) {
        why = mirror + name + ": " + error.what();
      }
    std::error_code ignored;
    fs::remove(unchecked, ignored);
    tried += "\n  " + why;
  }
  return false;
}

/// Fills the cache with a set's files, or says in `tried` what went wrong.
bool fetch(const ImageSet& set, const LibraryOptions& options, const DownloadOptions& how,
           std::string& tried) {
  if (!options.may_download) return false;
  const fs::path cache = cache_of(set);
  std::error_code error;
  fs::create_directories(cache, error);
  if (cache.empty() || error) {
    tried += "\n  " + cache.string() + ": cannot be made: " + error.message();
    return false;
  }
  const FolderLock lock(cache);
  const auto& mirrors = options.mirrors.empty() ? set.mirrors : options.mirrors;
  return std::ranges::all_of(set.parts, [&](const Part& part) {
    return find_part(cache, part) || fetch_part(mirrors, part, cache, how, tried);
  });
}

TrainAndTest load_set(const ImageSet& set, const LibraryOptions& options, const char* advice) {
  std::string tried;
  if (const auto place = find_set(set, options, tried)) return read_set(*place, set);
  if (fetch(set, options, {.progress = options.progress}, tried))
    return read_set(cache_of(set), set);
  fail(std::string(set.title) + " is not to be had. Tried:" + tried +
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
  if (const auto place = find_set(mnist, options, tried)) return read_set(*place, mnist);
  const DownloadOptions quick{
      .connect_timeout_s = 3, .stall_timeout_s = 5, .attempts = 1, .progress = options.progress};
  if (fetch(mnist, options, quick, tried)) return read_set(cache_of(mnist), mnist);

  std::string why = "MNIST is neither here nor to be fetched";
  TrainAndTest found;
  if (const auto place = find_set(fashion, options, tried)) {
    found = read_set(*place, fashion);
  } else {
    found = load_digits(options);
    why += ", Fashion-MNIST is not installed";
  }
  found.train.origin += " (" + why + ")";
  found.test.origin = found.train.origin;
  return found;
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
    return load_set(mnist, options, "or choose --dataset fashion-mnist or --dataset digits.");
  if (name == "fashion-mnist")
    return load_set(fashion, options,
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
