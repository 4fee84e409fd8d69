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

/// `--dataset` as it came out: by its own name where `auto` found it, so that it is the same again
/// or is missed.
std::string found_dataset(const std::string& dataset, const datasets::TrainAndTest& data);
/// `--dataset` and `--data` as they are understood in any folder.
std::string dataset_from_anywhere(const std::string& dataset);
std::string directory_from_anywhere(const std::string& directory);

}  // namespace anneal::apps
