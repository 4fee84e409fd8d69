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

/// Declares an option for each of it, in groups.
void declare(CLI::App& app, CompareArguments& arguments);
/// The same, with the default network of a comparison, and its presets below the help.
void declare_comparison(CLI::App& app, CompareArguments& arguments);

/// Where a comparison's options are kept in its folder, for anneal plan and status: a config.
inline constexpr const char* comparison_file = "comparison.json";
/// Writes those that were given, but for where and by whom the trials are computed; a file that
/// says the same stays as it is, and of another it is said on standard error that it is replaced.
void write_comparison(const CLI::App& app, const std::string& out);

/// One comparison for each budget, of all schedules under each optimizer, on data with so many
/// training examples. Throws std::invalid_argument for a text that is no schedule, and when no
/// examples are to be held out.
std::vector<Comparison> comparisons_of(const CompareArguments& arguments, std::int64_t examples);

/// An entrant as it is written on the command line: "SCHEDULE; name=TEXT; optimizer=NAME;
/// lr=RATE", of which all but the schedule may be missing. A rate of its own is the one it runs at:
/// it is not tuned. Throws std::invalid_argument naming what is wrong.
struct EntrantText {
  std::string schedule = {};
  std::string name = {};
  std::string optimizer = {};
  std::vector<double> peaks = {};
};
EntrantText read_entrant(const std::string& text);

}  // namespace anneal::apps
