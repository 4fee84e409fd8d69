#pragma once
#include <span>
#include <string>
#include <vector>

#include "apps/compare/statistics.h"

/// Who is better than whom, by the rules of docs/protocol.md: numbers in, verdicts out.
namespace anneal::apps {

/// At 5 %, a difference is called significant.
inline constexpr double significant = 0.05;

/// a[i] - b[i], of as many in each.
std::vector<double> differences(std::span<const double> a, std::span<const double> b);

/// What can be said of a contestant beside the baseline and the others. Nothing is tested where a
/// trial diverged: the p is 1, and it shares no letter with those that did not.
struct Verdict {
  bool tested = false;       ///< against the baseline
  Interval difference = {};  ///< 95 %, of its mean loss minus the baseline's
  double p = 1.0;            ///< sign-flip, with Holm's correction over the others
  double rank = 0.0;         ///< mean over seeds
  std::string tier = {};     ///< letters; of all pairs, the first by mean rank has an "a"
};

/// `losses[contestant][seed]`; not finite where the trial diverged.
std::vector<Verdict> judge(std::span<const std::vector<double>> losses, std::size_t baseline);

/// Contestants by mean rank, the best first.
std::vector<std::size_t> ranked(std::span<const Verdict> verdicts);

}  // namespace anneal::apps
