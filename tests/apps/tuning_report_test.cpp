// What the choice of a peak may explain is said beside what is claimed.
#include "apps/compare/tuning_report.h"

#include <doctest/doctest.h>

#include <cmath>

#include "apps/compare/report.h"

namespace anneal::apps {
namespace {

/// Two schedules of ten seeds, tuned; the second ends 0.01 higher, which is claimed.
Study told_apart(std::optional<PeakCost> cost) {
  Study study{.contestants = std::vector<Contestant>(2)};
  study.comparison.tuning_seeds = {1001, 1002};
  const char* const names[] = {"a", "b"};
  for (std::size_t i = 0; i < 2; ++i) {
    Contestant& one = study.contestants[i];
    one.entrant = {.name = names[i], .schedule = "linear", .peaks = {0.05, 0.1, 0.2}};
    one.tuning = {{0.3, 0.3}, {0.2, 0.2}, {0.4, 0.4}};
    one.tuning_losses = {0.3, 0.2, 0.4};
    one.best = 1;
    one.cost = PeakCost{.grid = 0.0, .may = 0.0, .deviation = 0.01};
    for (int seed = 0; seed < 10; ++seed) {
      const double noise = 1e-3 * std::sin(3.0 * seed + static_cast<double>(i));
      one.losses.push_back(0.2 + 0.01 * static_cast<double>(i) + noise);
    }
  }
  study.contestants[1].cost = cost;
  const Metric loss{.name = "validation loss",
                    .values = {study.contestants[0].losses, study.contestants[1].losses}};
  study.judgement = judge({loss}, 0);
  REQUIRE(study.judgement.pairs.at(0).told() == Told::apart);
  return study;
}

TEST_CASE("a claimed difference no larger than what a peak may cost is named, with both figures") {
  const auto cautions = [](double may) {
    return cautions_on_peaks(told_apart(PeakCost{.grid = 0.0, .may = may, .deviation = 0.1}));
  };
  REQUIRE(cautions(0.02).size() == 1);
  CHECK(cautions(0.02)[0].starts_with("`b` ends higher than `a` by 0.01"));
  CHECK(cautions(0.02)[0].ends_with("but what the choice of its peak costs may be up to 0.0200."));
  CHECK(cautions(0.005).empty());
  // It is the higher one's own peak that may explain it, not the lower one's.
  Study study = told_apart(PeakCost{.grid = 0.0, .may = 0.0, .deviation = 0.01});
  study.contestants[0].cost = PeakCost{.grid = 0.0, .may = 1.0, .deviation = 1.0};
  CHECK(cautions_on_peaks(study).empty());
  study.contestants[1].cost = {};
  REQUIRE(cautions_on_peaks(study).size() == 1);
  CHECK(cautions_on_peaks(study)[0].ends_with("what the choice of its peak costs cannot be told."));
}

TEST_CASE("two peaks within noise of each other, and a grid without refinement, are said") {
  Study study = told_apart(PeakCost{.grid = 0.0, .may = 0.0, .deviation = 0.01});
  study.contestants[1].rival = 2;
  REQUIRE(cautions_on_peaks(study).size() == 1);
  CHECK(cautions_on_peaks(study)[0] ==
        "Two peaks are within noise of each other for `b` (0.1 and 0.2): other tuning seeds might "
        "take the other.");
  study.contestants[1].rival = {};
  study.comparison.refinements = 0;
  REQUIRE(cautions_on_peaks(study).size() == 1);
  CHECK(
      cautions_on_peaks(study)[0].starts_with("The peaks are points of the grid, chosen with 2 "));
}

}  // namespace
}  // namespace anneal::apps
