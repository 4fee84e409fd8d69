#pragma once
#include <string>
#include <vector>

#include "apps/studies/sklearn_fair.h"

namespace anneal::apps {

/// Everything about one of the two problems.
struct ProblemResults {
  Pattern pattern;
  std::vector<Outcome> as_published = {};  ///< of each strategy, on the example's own points
  Tuning tuning = {};
  std::vector<Standing> by_training_loss = {}, by_held_out_loss = {};
};

/// Markdown whose tables are aligned, so that a terminal can show it as it is. `command` makes the
/// same report again.
std::string sklearn_report(const std::vector<ProblemResults>& results, const FairPlan& plan,
                           const std::string& command);

/// A line for each trial, with every digit.
std::string sklearn_csv(const std::vector<ProblemResults>& results, const FairPlan& plan);

}  // namespace anneal::apps
