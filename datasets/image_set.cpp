#include "datasets/image_set.h"

#include <optional>
#include <utility>

#include "datasets/fail.h"
#include "datasets/idx.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find(const fs::path& folder, const ImageSet::File& file) {
  for (const char* separator : {"-", "."})
    for (const char* ending : {"", ".gz"}) {
      fs::path path = folder / (file.stem + separator + file.suffix + ending);
      std::error_code ignored;
      if (fs::is_regular_file(path, ignored)) return path;
    }
  return {};
}

/// ": SHA-256 ..., wanted ..." if the contents are not those that were published.
std::string difference(const IdxArray& array, const ImageSet::File& file) {
  if (file.sha256.empty() || array.sha256 == file.sha256) return {};
  return ": not " + file.stem + " as published: its contents have SHA-256 " + array.sha256 +
         ", wanted " + file.sha256;
}

IdxArray read(const fs::path& folder, const ImageSet& set, const ImageSet::File& file) {
  const auto path = find(folder, file);
  if (!path) fail(folder.string() + ": " + missing_from(folder, set));
  IdxArray array = read_idx(*path);
  if (const std::string other = difference(array, file); !other.empty())
    fail(path->string() + other + " (" + set.title + ")");
  const std::size_t rank = file.suffix == "idx3-ubyte" ? 3 : 1;
  if (array.extents.size() != rank || array.values.index() != 0)
    fail(path->string() + ": " + array.shape_text() + " elements; wanted " +
         (rank == 3 ? "images, three dimensions of bytes" : "labels, one dimension of bytes"));
  return array;
}

Dataset read_half(const fs::path& folder, const ImageSet& set, std::size_t first) {
  IdxArray images = read(folder, set, set.files[first]);
  IdxArray labels = read(folder, set, set.files[first + 1]);
  if (images.extents[0] != labels.extents[0])
    fail(folder.string() + ": " + std::to_string(images.extents[0]) + " " + set.files[first].stem +
         " but " + std::to_string(labels.extents[0]) + " " + set.files[first + 1].stem);
  Dataset d;
  d.name = set.name;
  d.origin = set.title + " from " + folder.string();
  if (!set.files[first].sha256.empty()) d.origin += ", SHA-256 verified";
  d.sample_shape = nn::Shape{images.extents[1], images.extents[2]};
  d.classes = 10;
  d.bytes = std::get<0>(std::move(images.values));
  d.labels = std::get<0>(std::move(labels.values));
  d.check();
  return d;
}

/// Fetches a file to a place where no one looks, and puts it where it belongs if it is right.
/// Returns why it did not, or nothing.
std::string fetch_from(const std::string& url, const ImageSet::File& file, const fs::path& target,
                       const DownloadOptions& how) {
  const fs::path unchecked = target.parent_path() / ("unchecked-" + target.filename().string());
  std::error_code ignored;
  const bool resumed = fs::exists(part_of(unchecked), ignored);
  if (std::string why = download(url, unchecked, how); !why.empty()) return why;
  std::string why;
  try {
    why = difference(read_idx(unchecked), file);
    if (why.empty()) {
      fs::rename(unchecked, target);
      return {};
    }
  } catch (const std::runtime_error& error) {
    why = std::string(": ") + error.what();
  }
  fs::remove(unchecked, ignored);
  // What was there already may have been at fault: once more, from the beginning.
  return resumed ? fetch_from(url, file, target, how) : url + why;
}

}  // namespace

std::string missing_from(const fs::path& folder, const ImageSet& set) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return "there is no such folder";
  for (const ImageSet::File& file : set.files)
    if (!find(folder, file)) return "no " + file.stem + "-" + file.suffix + " in it, plain or .gz";
  return {};
}

TrainAndTest read_image_set(const fs::path& folder, const ImageSet& set) {
  return {read_half(folder, set, 0), read_half(folder, set, 2)};
}

std::vector<std::string> fetch(const ImageSet& set, const fs::path& folder,
                               const DownloadOptions& how) {
  if (set.mirrors.empty()) return {"nowhere to download it from is known"};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return {folder.string() + ": cannot be made: " + error.message()};
  const FolderLock lock(folder);
  for (const ImageSet::File& file : set.files) {
    if (find(folder, file)) continue;
    const std::string name = file.stem + "-" + file.suffix + ".gz";
    std::vector<std::string> reasons;
    for (const std::string& mirror : set.mirrors) {
      reasons.push_back(fetch_from(mirror + name, file, folder / name, how));
      if (reasons.back().empty()) break;
    }
    if (!reasons.back().empty()) return reasons;
  }
  return {};
}

}  // namespace anneal::datasets
