#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "datasets/library.h"

namespace anneal::apps {

/// Declares `--dataset` and `--data`, in the group "Data".
void declare_dataset(CLI::App& app, std::string& dataset, std::string& directory);

/// Finds, makes or downloads the data. A place that the user named, with `--data` or in
/// $ANNEAL_DATA_DIR, is used, or refused with the reason. Downloads go to $XDG_CACHE_HOME/anneal or
/// ~/.cache/anneal, and tell of their progress on standard error. Throws std::invalid_argument for
/// options that contradict each other, std::runtime_error for what cannot be read.
datasets::TrainAndTest load_data(const std::string& dataset, const std::string& directory);

}  // namespace anneal::apps
