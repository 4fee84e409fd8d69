#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/download.h"
#include "datasets/image_set.h"

namespace anneal::datasets {

struct LibraryOptions {
  std::filesystem::path directory = {};  ///< looked into first, if given
  bool may_download = true;
  std::vector<std::string> mirrors = {};  ///< to download from; none: the set's own
  DownloadProgress progress = {};
  std::uint64_t seed = 1;              ///< of the sets that are generated
  nn::Index generated_train = 60'000;  ///< their sizes
  nn::Index generated_test = 10'000;
};

/// mnist, fashion-mnist, digits, spirals, moons, auto.
const std::vector<std::string>& dataset_names();

/// Finds or makes a dataset by name. Image sets are looked for in `directory` and
/// directory/<name>, ANNEAL_DATA_DIR/<name>, the user's cache ($XDG_CACHE_HOME or ~/.cache,
/// anneal/<name>) and where Debian installs them, then downloaded into the cache if there are
/// mirrors. Only the files as they were published will do. `auto` is MNIST, else Fashion-MNIST if
/// it is there, else generated digits, and its origin says why; without a network it gives up on
/// MNIST within 3 seconds. A name never stands for another set. Throws std::runtime_error saying
/// what was tried and what to do.
TrainAndTest load(std::string_view name, const LibraryOptions& options = {});

}  // namespace anneal::datasets
