#include "datasets/own_set.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "datasets/fail.h"
#include "datasets/library.h"
#include "datasets/published.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

constexpr const char* wanted_files =
    "train-images-idx3-ubyte and train-labels-idx1-ubyte, or names such as "
    "emnist-letters-train-images-idx3-ubyte, plain or .gz";

/// What to call a set: what its files are called, or its folder.
std::string name_of(const IdxFiles& files, const fs::path& folder) {
  if (!files.name.empty()) return files.name;
  fs::path named = fs::absolute(folder).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  if (named.filename() == "raw") named = named.parent_path();
  return named.has_filename() ? named.filename().string() : "idx";
}

/// The published set that these are, whatever they are called, or nullptr.
const ImageSet* published_set_of(const IdxArrays& arrays) {
  for (const ImageSet& set : published_sets()) {
    bool same = true;
    for (std::size_t i = 0; i < arrays.size(); ++i)
      same = same && arrays[i] && arrays[i]->sha256 == set.files[i].sha256;
    if (same) return &set;
  }
  return nullptr;
}

TrainAndTest read_files(const IdxFiles& files, const fs::path& folder, std::uint64_t most) {
  IdxArrays arrays = read_idx_files(files, most);
  const ImageSet* published = published_set_of(arrays);
  const std::string type = arrays[0]->values.index() == 0 ? "bytes" : "numbers";
  TrainAndTest both = labelled_examples(std::move(arrays));
  const std::string name = published != nullptr ? published->name : name_of(files, folder);
  std::string origin;
  if (published != nullptr)
    origin = published->title + " from " + folder.string() + ", SHA-256 verified";
  else
    origin = name + " from IDX files in " + folder.string() + ": " +
             both.train.sample_shape.text() + " " + type + ", " +
             std::to_string(both.train.classes) + " classes" +
             (both.train.origin.empty() ? "" : "; ") + both.train.origin;
  for (Dataset* d : {&both.train, &both.test}) {
    d->name = name;
    d->origin = origin;
  }
  return both;
}

struct FoundSet {
  fs::path folder;
  IdxFiles files;
};

/// The sets that were found, and the folders that cannot be looked into.
struct Search {
  std::vector<FoundSet> sets = {};
  std::string unread = {};

  /// Looks into a folder, or else into its raw.
  void look_into(const fs::path& folder) {
    const std::size_t before = sets.size();
    for (const fs::path& place : {folder, folder / "raw"}) {
      const std::string why = unreadable(place);
      if (why.empty())
        for (IdxFiles& files : idx_files_in(place)) sets.push_back({place, std::move(files)});
      else if (why.starts_with("cannot be read"))
        unread += "; " + place.string() + " " + why;
      if (sets.size() > before) return;
    }
  }

  /// Looks into a folder's folders, each of which may be laid out as torchvision does it.
  void look_below(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != end(entry);
         entry.increment(error))
      entries.push_back(entry->path());
    std::ranges::sort(entries);
    for (const fs::path& entry : entries) look_into(entry);
  }

  /// What to write to have one of them.
  std::string choices() const {
    std::string text;
    for (const auto& [folder, files] : sets)
      text += "\n  " + std::string(own_prefix) +
              (files.name.empty() ? folder : folder / files.name).string();
    return text;
  }
};

}  // namespace

TrainAndTest read_own_set(const fs::path& place, std::uint64_t most) {
  std::error_code ignored;
  const fs::path folder = place.has_parent_path() ? place.parent_path() : ".";
  if (fs::is_directory(place, ignored) || !unreadable(folder).empty()) {
    if (const std::string why = unreadable(place); !why.empty()) fail(place.string() + ": " + why);
    Search search;
    search.look_into(place);
    if (search.sets.empty())
      fail(place.string() + ": no IDX files in it" + search.unread + "; looked for " +
           wanted_files);
    if (search.sets.size() > 1)
      fail(place.string() + ": " + std::to_string(search.sets.size()) +
           " sets in it; name one:" + search.choices());
    return read_files(search.sets[0].files, search.sets[0].folder, most);
  }
  // FOLDER/NAME
  Search search;
  search.look_into(folder);
  for (const auto& [where, files] : search.sets)
    if (files.name == place.filename().string()) return read_files(files, where, most);
  if (fs::exists(place, ignored))
    fail(place.string() + ": this is a file; wanted the folder of the set's files, which are " +
         wanted_files);
  fail(place.string() + ": there is no such folder, and in " + folder.string() +
       (search.sets.empty() ? " no set of IDX files"
                            : " no set of this name; there are:" + search.choices()));
}

TrainAndTest read_any_set(const fs::path& folder, std::uint64_t most) {
  if (const std::string why = unreadable(folder); !why.empty()) fail(folder.string() + ": " + why);
  Search here;
  here.look_into(folder);
  if (!here.sets.empty()) return read_own_set(folder, most);
  for (const ImageSet& set : published_sets())
    for (const fs::path& place : {folder / set.name, folder / set.torchvision / "raw"})
      if (missing_from(place, set).empty()) return read_image_set(place, set);
  Search below;
  below.look_below(folder);
  if (below.sets.empty())
    fail(folder.string() + ": no IDX files in it or its folders" + below.unread + "; looked for " +
         wanted_files);
  if (below.sets.size() > 1)
    fail(folder.string() + ": " + std::to_string(below.sets.size()) +
         " sets in its folders; name one as the dataset:" + below.choices());
  return read_files(below.sets[0].files, below.sets[0].folder, most);
}

}  // namespace anneal::datasets
