#include "datasets/idx_folder.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "datasets/fail.h"

namespace anneal::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view separators = "-_.";

/// Takes the word that ends a name, and what separates it from the rest, off the name.
std::string_view take_last_word(std::string_view& name) {
  const std::size_t at = name.find_last_of(separators);
  const std::string_view word = at == name.npos ? name : name.substr(at + 1);
  name = at == name.npos ? "" : name.substr(0, at);
  return word;
}

/// What a file is by its name: of which set, and which part of it.
struct Role {
  std::string set;
  std::size_t part;
};

std::optional<Role> role_of(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  for (const std::string_view kind : {"images", "labels"}) {
    const std::size_t at = name.rfind(kind);
    if (at == name.npos || at == 0 || separators.find(name[at - 1]) == name.npos) continue;
    const std::string_view type = name.substr(at + kind.size());
    if (!type.empty() && (separators.find(type[0]) == type.npos ||
                          !type.substr(1).starts_with("idx") || type.find('.', 1) != type.npos))
      continue;
    std::string_view before = name.substr(0, at - 1);
    const std::string_view part = take_last_word(before);
    if (part != "train" && part != "t10k" && part != "test") continue;
    return Role{std::string(before), (part == "train" ? 0U : 2U) + (kind == "labels" ? 1U : 0U)};
  }
  return {};
}

}  // namespace

std::string unreadable(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return "there is no such folder";
  if (status.type() == fs::file_type::none) return "cannot be read: " + error.message();
  if (!fs::is_directory(status)) return "this is not a folder";
  const fs::directory_iterator entries(folder, error);
  return error ? "cannot be read: " + error.message() : "";
}

std::vector<IdxFiles> idx_files_in(const fs::path& folder) {
  if (const std::string why = unreadable(folder); !why.empty()) fail(folder.string() + ": " + why);
  std::vector<fs::path> paths;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != end(entry);
       entry.increment(error))
    paths.push_back(entry->path());
  if (error) fail(folder.string() + ": cannot be read: " + error.message());
  std::ranges::sort(paths);  // a plain file before its .gz

  std::map<std::string, IdxFiles> sets;
  const auto add = [&](bool regular) {
    for (const fs::path& path : paths) {
      const auto role = role_of(path.filename().string());
      std::error_code ignored;
      if (!role || fs::is_regular_file(path, ignored) != regular) continue;
      IdxFiles& set = sets[role->set];
      set.name = role->set;
      if (set.paths[role->part].empty()) set.paths[role->part] = path;
    }
  };
  add(true);
  add(false);  // what is no file, or cannot be examined, is refused when it is read
  std::vector<IdxFiles> found;
  found.reserve(sets.size());
  for (auto& [name, set] : sets) found.push_back(std::move(set));
  return found;
}

}  // namespace anneal::datasets
