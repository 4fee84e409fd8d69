#pragma once
#include <cstdint>
#include <filesystem>

#include "datasets/idx_set.h"

namespace anneal::datasets {

/// Reads any set of IDX files; of each file no more than `most` bytes. `place` is its folder (or
/// one that holds it as raw), or FOLDER/NAME for the one of several in it whose files' names begin
/// with NAME. MNIST and Fashion-MNIST are recognized by their hashes. Throws std::runtime_error,
/// naming the folder and what was looked for, or the file and what is wrong with it.
TrainAndTest read_own_set(const std::filesystem::path& place, std::uint64_t most);

/// Reads whatever set a folder holds that the user named: itself, or as raw, mnist, MNIST/raw and
/// so on, or in the only one of its folders that has a set. Throws as read_own_set() does; of
/// several it names the choices.
TrainAndTest read_any_set(const std::filesystem::path& folder, std::uint64_t most);

}  // namespace anneal::datasets
