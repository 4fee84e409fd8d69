#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "sched/clock.h"

namespace anneal::apps {

/// A log in which the loss falls, a little noisily, and then stalls: what schedules that follow the
/// losses are drawn with. A hundred evaluations.
inline std::vector<sched::Observation> sample_losses(sched::Step total) {
  std::vector<sched::Observation> log;
  for (sched::Step i = 1; i <= 100; ++i) {
    const auto x = static_cast<double>(i);
    log.push_back({i * total / 100, std::max(0.3, 1.0 - 0.02 * x) + 0.01 * std::sin(7.0 * x)});
  }
  return log;
}

}  // namespace anneal::apps
