#include "datasets/image_set.h"

#include <algorithm>
#include <utility>

#include "datasets/fail.h"
#include "datasets/published.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

/// The files in a folder whose names are MNIST's, with nothing before them.
IdxFiles files_in(const fs::path& folder) {
  for (IdxFiles& files : idx_files_in(folder))
    if (files.name.empty()) return std::move(files);
  return {};
}

/// What else the contents are than those that were published; empty if they are those.
std::string difference(const IdxArray& array, const ImageSet& set, std::size_t part) {
  const ImageSet::File& file = set.files[part];
  if (array.sha256 == file.sha256) return {};
  const std::string other = published_as(array.sha256);
  if (!other.empty()) return "these are " + other + "; wanted " + set.title + "'s " + file.stem;
  return "not " + set.title + "'s " + file.stem + " as published: its contents have SHA-256 " +
         array.sha256 + ", wanted " + file.sha256;
}

IdxArray read(const fs::path& path, const ImageSet& set, std::size_t part) {
  IdxArray array = read_idx(path, set.files[part].bytes);
  if (const std::string other = difference(array, set, part); !other.empty()) array.refuse(other);
  return array;
}

/// Why a file is not the published one, or nothing.
std::string fault_of(const fs::path& path, const ImageSet& set, std::size_t part) {
  try {
    read(path, set, part);
    return {};
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// Fetches a file under a temporary name, and renames it if its content is right.
/// Returns why it did not, or nothing.
std::string fetch_from(const std::string& url, const ImageSet& set, std::size_t part,
                       const fs::path& target, const DownloadOptions& how) {
  const fs::path unchecked = target.parent_path() / ("unchecked-" + target.filename().string());
  std::error_code error;
  const bool resumed = fs::exists(part_of(unchecked), error);
  if (std::string why = download(url, unchecked, how); !why.empty()) return why;
  const std::string fault = fault_of(unchecked, set, part);
  if (fault.empty()) {
    fs::rename(unchecked, target, error);
    return error ? target.string() + ": " + error.message() : "";
  }
  fs::remove(unchecked, error);
  // What was there already may have been at fault: once more, from the beginning.
  return resumed ? fetch_from(url, set, part, target, how) : url + ": " + fault;
}

/// Of a gzip whose data is incompressible: 5 bytes for each block of up to 64 kB (RFC 1951, section
/// 3.2.4) that packers often make smaller, and a header that may hold a name.
std::uint64_t largest_gzip(std::uint64_t bytes) {
  return bytes + bytes / 100 + 4096;
}

}  // namespace

std::string missing_from(const fs::path& folder, const ImageSet& set) {
  if (std::string why = unreadable(folder); !why.empty()) return why;
  const IdxFiles files = files_in(folder);
  for (std::size_t part = 0; part < set.files.size(); ++part)
    if (files.paths[part].empty())
      return "no " + set.files[part].stem + "-" + set.files[part].suffix + " in it, plain or .gz";
  return {};
}

TrainAndTest read_image_set(const fs::path& folder, const ImageSet& set) {
  if (const std::string why = missing_from(folder, set); !why.empty())
    fail(folder.string() + ": " + why);
  const IdxFiles files = files_in(folder);
  IdxArrays arrays;
  for (std::size_t part = 0; part < arrays.size(); ++part)
    arrays[part] = read(files.paths[part], set, part);
  TrainAndTest both = labelled_examples(std::move(arrays));
  for (Dataset* d : {&both.train, &both.test}) {
    d->name = set.name;
    d->origin = set.title + " from " + folder.string() + ", SHA-256 verified";
  }
  return both;
}

std::vector<std::string> fetch(const ImageSet& set, const fs::path& folder, DownloadOptions how) {
  if (set.mirrors.empty()) return {"nowhere to download it from is known"};
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return {folder.string() + ": cannot be made: " + error.message()};
  if (std::string why = unreadable(folder); !why.empty()) return {folder.string() + ": " + why};
  const FolderLock lock(folder);
  const IdxFiles there = files_in(folder);
  for (std::size_t part = 0; part < set.files.size(); ++part) {
    const ImageSet::File& file = set.files[part];
    const fs::path& old = there.paths[part];
    if (!old.empty() && fault_of(old, set, part).empty()) continue;
    const std::string name = file.stem + "-" + file.suffix + ".gz";
    how.most_bytes = largest_gzip(file.bytes);
    std::vector<std::string> reasons;
    for (const std::string& mirror : set.mirrors) {
      reasons.push_back(fetch_from(mirror + name, set, part, folder / name, how));
      if (reasons.back().empty()) break;
    }
    if (!reasons.back().empty()) return reasons;
    if (!old.empty() && old != folder / name) fs::remove(old, error);  // it was damaged
  }
  return {};
}

}  // namespace anneal::datasets
