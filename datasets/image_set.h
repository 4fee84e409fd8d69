#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "datasets/download.h"

namespace anneal::datasets {

/// The two sets that every name stands for. The test set is for the end alone.
struct TrainAndTest {
  Dataset train;
  Dataset test;
};

/// A set of labelled images in MNIST's form: four IDX files, found under the names in use,
/// train-images-idx3-ubyte or train-images.idx3-ubyte, plain or .gz.
struct ImageSet {
  struct File {
    std::string stem;    ///< "train-images"
    std::string suffix;  ///< "idx3-ubyte"
    std::string sha256;  ///< of the IDX data, for a .gz differs from packager to packager;
                         ///< none: any contents will do
  };
  std::string name;                  ///< "mnist"
  std::string title;                 ///< "MNIST"
  std::array<File, 4> files;         ///< training images and labels, test images and labels
  std::vector<std::string> mirrors;  ///< folders, by URL, that hold the files as .gz
};

/// Why a folder does not hold a set: "there is no such folder"; empty if it does.
std::string missing_from(const std::filesystem::path& folder, const ImageSet& set);

/// Reads a set out of a folder that holds it, a fifth of a second for MNIST's 55 MB. The hashes are
/// checked every time: that is a tenth of it. Throws std::runtime_error naming file, what was found
/// and what was wanted.
TrainAndTest read_image_set(const std::filesystem::path& folder, const ImageSet& set);

/// Fills a folder with the files of a set that it lacks, from the first mirror that has each; a
/// file gets its name only when it is whole and its hash is right. Returns one line of reasons for
/// each mirror that failed when a file was to be had from none, else nothing.
std::vector<std::string> fetch(const ImageSet& set, const std::filesystem::path& folder,
                               const DownloadOptions& how);

}  // namespace anneal::datasets
