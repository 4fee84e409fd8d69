#pragma once
#include "apps/compare/figures.h"
#include "apps/compare/report.h"

namespace anneal::apps {

/// The report of one comparison.
inline Report report_of(const Comparison& c, const std::vector<Contestant>& contestants) {
  return {.command = "anneal compare",
          .target = 0.5,
          .studies = {{c, "", contestants, judge(metrics_of(contestants), c.baseline)}}};
}

}  // namespace anneal::apps
