#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace anneal::datasets {

/// Where the files of a set of labelled examples lie; an empty path is one that is not there.
struct IdxFiles {
  std::string
      name;  ///< what comes before the rest in all their names: "emnist-letters", or nothing
  std::array<std::filesystem::path, 4> paths;  ///< training images, labels, test images, labels
};

/// Why files cannot be looked for in a folder: "there is no such folder", "this is not a folder",
/// "cannot be read: Permission denied". Empty if they can.
std::string unreadable(const std::filesystem::path& folder);

/// The sets whose files lie in a folder, by name. A file's name is [SET-]PART-KIND[-TYPE][.gz],
/// where PART is train, t10k or test, KIND is images or labels, and TYPE begins with idx, with "-",
/// "_" or "." between them: train-images-idx3-ubyte, emnist-letters-test-labels-idx1-ubyte.gz,
/// qmnist-train-labels-idx2-int, train-images.idx3-ubyte, train_labels.idx. Of a plain file and a
/// .gz the plain one is taken. Throws std::runtime_error if the folder cannot be read.
std::vector<IdxFiles> idx_files_in(const std::filesystem::path& folder);

}  // namespace anneal::datasets
