#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "apps/compare/comparison.h"

namespace anneal::apps {

/// What `anneal compare` can be told.
struct CompareArguments {
  TrainingOptions training;
  std::vector<std::string> schedules;  ///< in the form that read_entrant() reads
  std::string baseline;
  std::vector<std::string> optimizers{"sgd"};
  std::vector<std::int64_t> epochs{1};
  std::vector<double>
      peaks;  ///< none: a grid of so many around what the optimizer is known to take
  int grid = 6;
  int growth = 3;
  int refinements = 6;
  int tuning_seeds = 10;
  int seeds = 10;
  std::uint64_t seed = 1;  ///< of the comparison: all others are drawn from it
  int evaluations = 20;
  double target = 0.96;
  std::string dataset = "auto";
  std::string data_directory;
  int workers = 0;  ///< 0: one for each core
  std::pair<int, int> shard{1, 1};
  std::string trial;     ///< the beginning of its key: this one alone
  bool sklearn = false;  ///< scikit-learn's comparison, which another program makes
  std::string preset;    ///< these three are replaced by what they stand for: see compare/presets.h
  bool quick = false;
  bool full = false;
  std::string title;
  std::string about;  ///< a preset's
  std::string out = "runs/compare";
};

/// Declares an option for each field, in groups.
void declare(CLI::App& app, CompareArguments& arguments);
/// The same, with the default network of a comparison, and its presets below the help.
void declare_comparison(CLI::App& app, CompareArguments& arguments);

}  // namespace anneal::apps
