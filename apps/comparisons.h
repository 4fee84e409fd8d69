#pragma once
#include <string>
#include <vector>

#include "apps/compare_options.h"

/// What the words of `anneal compare` mean: entrants, and comparisons of them.
namespace anneal::apps {

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

/// Split at `separator`, but not within 'single quotes', and without white space around the parts.
std::vector<std::string> parts_of(const std::string& text, char separator);
/// A rising list of rates, or nothing.
std::vector<double> read_rates(const std::string& text);

}  // namespace anneal::apps
