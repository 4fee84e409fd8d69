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

/// The command that trains so, `program train --dataset ... --hidden 128 --lr 0.1`: what differs
/// from that command's defaults, but for where it writes.
std::string train_command(const std::string& program, const std::string& dataset,
                          const std::string& directory, const TrainingOptions& training);

}  // namespace anneal::apps
