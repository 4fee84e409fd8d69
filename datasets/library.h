#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/download.h"
#include "datasets/image_set.h"

namespace anneal::datasets {

struct LibraryOptions {
  std::filesystem::path folder = {};      ///< if given, files are looked for here and nowhere else
  std::filesystem::path collection = {};  ///< a folder of sets, looked into before all others
  std::filesystem::path cache = {};       ///< where downloads are kept; none: nothing is downloaded
  bool may_download = true;
  std::vector<std::string> mirrors = {};   ///< to download from; none: the set's own
  DownloadProgress progress = {};          ///< may be empty
  std::uint64_t most_bytes = largest_idx;  ///< of a file of one's own that are read
  std::uint64_t seed = 1;                  ///< of the sets that are generated
  nn::Index generated_train = 60'000;      ///< their sizes
  nn::Index generated_test = 10'000;
};

/// auto, mnist, fashion-mnist, digits, spirals, moons.
const std::vector<std::string>& dataset_names();

/// Whether a dataset of this name is made by the program: no place has it.
bool is_generated(std::string_view name);

/// What begins the name of a set of one's own: idx:FOLDER, or idx:FOLDER/NAME for the one of
/// several whose files' names begin with NAME.
constexpr std::string_view own_prefix = "idx:";

/// A published set that no place has; the message says what was tried.
struct NotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Finds or makes a dataset by name.
///
/// A published set (mnist, fashion-mnist) is looked for in `folder`, or else in `collection`,
/// `cache` and where Debian installs it, then downloaded into the cache. A folder may hold the four
/// files itself, or in raw, <name> or, as torchvision has it, MNIST/raw or FashionMNIST/raw. Only
/// the files as they were published will do; a damaged one in the cache is fetched anew.
///
/// idx:FOLDER is any set of IDX files; see idx_files_in() and labelled_examples().
///
/// `auto` is what `folder` or `collection` holds if one is given, whatever set that is: MNIST,
/// Fashion-MNIST, or one's own. Only if neither is given, it is MNIST, else Fashion-MNIST if it is
/// there, else generated digits, and the origin says why; without a network it gives up on MNIST
/// within 3 seconds.
///
/// Throws std::runtime_error: for a folder that cannot be read or does not hold the set, with the
/// reason; NotFound for a published set that is nowhere.
TrainAndTest load(std::string_view name, const LibraryOptions& options = {});

}  // namespace anneal::datasets
