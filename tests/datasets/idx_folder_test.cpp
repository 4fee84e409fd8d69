#include "datasets/idx_folder.h"

#include <doctest/doctest.h>

#include "nobody.h"
#include "temporary.h"

using namespace anneal::datasets;

namespace {

/// The sets that are found among files of these names, each as "NAME: FILE FILE - -".
std::vector<std::string> sets_of(const std::vector<std::string>& names) {
  const Temporary folder;
  for (const std::string& name : names) folder.write(name, "");
  std::vector<std::string> sets;
  for (const IdxFiles& set : idx_files_in(folder.path())) {
    sets.push_back(set.name + ":");
    for (const auto& path : set.paths)
      sets.back() += " " + (path.empty() ? "-" : path.filename().string());
  }
  return sets;
}

using Sets = std::vector<std::string>;

}  // namespace

TEST_CASE("files of a set are known by the names in use") {
  CHECK(sets_of({"train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"}) ==
        Sets{": train-images-idx3-ubyte train-labels-idx1-ubyte.gz - -"});
  CHECK(sets_of({"train-images.idx3-ubyte", "train_labels.idx", "t10k-labels-idx1-ubyte"}) ==
        Sets{": train-images.idx3-ubyte train_labels.idx - t10k-labels-idx1-ubyte"});
  CHECK(sets_of({"qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int",
                 "qmnist-test-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz"}) ==
        Sets{"qmnist: qmnist-train-images-idx3-ubyte qmnist-train-labels-idx2-int "
             "qmnist-test-images-idx3-ubyte.gz qmnist-test-labels-idx2-int.gz"});
  CHECK(sets_of({"emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
                 "emnist-balanced-test-labels-idx1-ubyte", "emnist-letters-mapping.txt"}) ==
        Sets{"emnist-balanced: - - - emnist-balanced-test-labels-idx1-ubyte",
             "emnist-letters: emnist-letters-train-images-idx3-ubyte "
             "emnist-letters-train-labels-idx1-ubyte - -"});
  CHECK(sets_of({"train-images", "train-labels"}) == Sets{": train-images train-labels - -"});
}

TEST_CASE("other files are left alone") {
  CHECK(sets_of({"images", "labels.idx", "training-images-idx3-ubyte", "train-images.png",
                 "train-images-idx3-ubyte.bz2.part", "constrain-labels2", "trainimages",
                 "unchecked-train-images-idx3-ubyte.gz.part", ".gz", "-images", "README"}) ==
        Sets{});
}

TEST_CASE("of a plain file and its .gz the plain one is taken") {
  CHECK(sets_of({"train-images-idx3-ubyte.gz", "train-images-idx3-ubyte"}) ==
        Sets{": train-images-idx3-ubyte - - -"});
}

TEST_CASE("a folder that cannot be read is refused with the reason") {
  const Temporary folder;
  const auto reason = [](const std::filesystem::path& path) {
    const std::string why = unreadable(path);
    CHECK_THROWS_WITH(idx_files_in(path), (path.string() + ": " + why).c_str());
    return why;
  };
  CHECK(unreadable(folder.path()).empty());
  CHECK(reason(folder.path() / "none") == "there is no such folder");
  folder.write("file", "");
  CHECK(reason(folder.path() / "file") == "this is not a folder");
  CHECK(reason(folder.path() / "file" / "in") == "there is no such folder");
  CHECK(reason(folder.path() / std::string(300, 'x')) == "cannot be read: File name too long");
  std::filesystem::create_directories(folder.path() / "locked" / "in");
  std::filesystem::permissions(folder.path() / "locked", std::filesystem::perms::none);
  {
    std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
    const Nobody nobody;
    CHECK(reason(folder.path() / "locked") == "cannot be read: Permission denied");
    CHECK(reason(folder.path() / "locked" / "in") == "cannot be read: Permission denied");
  }
  std::filesystem::permissions(folder.path() / "locked", std::filesystem::perms::owner_all);
}
