#pragma once
#include <string>
#include <vector>

#include "apps/compare/comparison.h"
#include "apps/compare/statistics.h"

namespace anneal::apps {

/// At 5 %, a difference is called significant.
inline constexpr double significant = 0.05;

/// What can be said of a contestant beside the baseline and the others. Nothing is tested where a
/// trial diverged: the p is 1, and it shares no letter with those that did not.
struct Verdict {
  bool tested = false;            ///< against the baseline
  Interval loss_difference = {};  ///< 95 %, of its mean loss minus the baseline's
  Interval accuracy_difference = {};
  double p = 1.0;         ///< sign-flip, of the loss, with Holm's correction over the others
  double rank = 0.0;      ///< mean over seeds, by loss
  std::string tier = {};  ///< letters; of all pairs, by loss
};
std::vector<Verdict> judge(const std::vector<Contestant>& contestants, std::size_t baseline);

/// Contestants by mean rank, the best first.
std::vector<std::size_t> ranked(const std::vector<Verdict>& verdicts);

}  // namespace anneal::apps
