#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "apps/compare/comparison.h"

/// What a trial or a contestant is measured by, besides its final loss and accuracy.
namespace anneal::apps {

/// The mean height of the curve of validation losses, by the trapezoid rule between the first
/// evaluation and the last; infinite for a run that diverged.
double area_under(const RunLog& log);

/// How many updates it took until the validation accuracy, a fraction, first was at least `target`
/// at an evaluation; none if it never was.
std::optional<std::int64_t> steps_to(const RunLog& log, double target);

/// The median over a contestant's runs of steps_to(), those that missed counted as infinite: none
/// if half of them or more missed. And how many runs reached the target.
struct TimeToTarget {
  std::optional<double> median = {};
  std::int64_t reached = 0;
};
TimeToTarget time_to(const Contestant& contestant, double target);

/// The least and the greatest of the peaks around the best whose tuning loss is within 5 % of its,
/// without a gap.
std::pair<double, double> robust_peaks(const Contestant& contestant);

/// The learning rate of the first fresh seed's run before `points` updates spread evenly over it,
/// the first and the last among them.
struct RateCurve {
  std::vector<std::int64_t> steps = {};
  std::vector<double> rates = {};
};
RateCurve rate_curve(const Contestant& contestant, int points);

}  // namespace anneal::apps
