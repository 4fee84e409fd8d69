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
  bool json = false;
};

/// Declares an option for each of it, in groups.
void declare(CLI::App& app, TrainArguments& arguments);

}  // namespace anneal::apps
