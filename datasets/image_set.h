#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/download.h"
#include "datasets/idx_set.h"

namespace anneal::datasets {

/// A set of labelled images as it was published, in MNIST's form: four IDX files whose contents are
/// known by their hashes, found under any name that idx_files_in() knows.
struct ImageSet {
  struct File {
    std::string stem;         ///< "train-images"
    std::string suffix;       ///< "idx3-ubyte"
    std::string sha256;       ///< of the IDX data: that of a .gz differs from packager to packager
    std::uint64_t bytes = 0;  ///< of its elements; no more is ever read
  };
  std::string name;                  ///< "fashion-mnist"
  std::string title;                 ///< "Fashion-MNIST"
  std::string torchvision;           ///< "FashionMNIST": its folder in torchvision's layout
  std::array<File, 4> files;         ///< in the order of IdxFiles::paths
  std::vector<std::string> mirrors;  ///< folders, by URL, that hold the files as .gz
};

/// Why a folder does not hold the files of a set: "there is no such folder", "cannot be read:
/// Permission denied", "no train-images-idx3-ubyte in it, plain or .gz"; empty if it does.
std::string missing_from(const std::filesystem::path& folder, const ImageSet& set);

/// Reads a set out of a folder that holds it, a fifth of a second for MNIST's 55 MB. The hashes are
/// checked every time: that is a tenth of it. Throws std::runtime_error naming file, what was found
/// and what was wanted.
TrainAndTest read_image_set(const std::filesystem::path& folder, const ImageSet& set);

/// Fills a folder with the files of a set that it lacks, or has damaged, from the first mirror that
/// has each; a file gets its name only when it is whole and its hash is right, and no more of it is
/// fetched than can be right. Returns one line of reasons for each mirror that failed when a file
/// was to be had from none, else nothing.
std::vector<std::string> fetch(const ImageSet& set, const std::filesystem::path& folder,
                               DownloadOptions how);

}  // namespace anneal::datasets
