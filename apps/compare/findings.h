#pragma once
#include <string>
#include <vector>

#include "apps/compare/report.h"

/// What a study's numbers say in words, and what they cannot say. Schedules stand in `backticks`.
namespace anneal::apps {

/// A contestant's name in `backticks`.
std::string code(const Contestant& one);

/// The answer in a sentence or three.
std::string answer(const Study& study);

/// "at its own best peak", or for those that were not tuned, "at the rate that it was given".
std::string at_which_rate(const Study& study);

/// With several optimizers: that all have one baseline, whatever theirs. Otherwise nothing.
std::string on_the_baseline(const Study& study);

/// What so few seeds cannot show, best peaks at the edge of the grid, trials that diverged, how
/// many seeds would tell the two best apart.
std::vector<std::string> cautions(const Study& study);

/// Of each peak of the largest grid, which entrant would have won a comparison at that peak alone;
/// null where all diverged or where nobody was tuned there.
struct Winner {
  double peak = 0.0;
  const Contestant* who = nullptr;
};
std::vector<Winner> winners_by_peak(const Study& study);

}  // namespace anneal::apps
