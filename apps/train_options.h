#pragma once
#include <CLI/CLI.hpp>
#include <string>

#include "apps/training.h"

namespace anneal::apps {

/// What `anneal train` can be told.
struct TrainArguments {
  TrainingOptions training;
  std::string dataset = "auto";
  std::string data_directory;
  std::string out;
  std::string preset;
  bool json = false;
};

/// The options of data (with the examples held out), network, and optimizer with its loss, each in
/// a group of its own: what commands that train have in common. Which optimizer it is, and its
/// learning rate, are not among them. `held_out` says how many examples are, unless it is given.
void declare_data(CLI::App& app, std::string& dataset, std::string& directory,
                  TrainingOptions& training, const std::string& held_out = "a twelfth");
void declare_network(CLI::App& app, NetworkOptions& network);
void declare_optimizer(CLI::App& app, TrainingOptions& training);

/// Declares an option for each of what `anneal train` can be told, in groups.
void declare(CLI::App& app, TrainArguments& arguments);

/// A training as `anneal train` is told of it, but for the data and where it writes: what differs
/// from that command's defaults, "--hidden 128 --optimizer sgd --lr 0.1".
std::string train_arguments(const TrainingOptions& training);

}  // namespace anneal::apps
