#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "apps/compare/comparison.h"
#include "apps/compare/judge.h"

/// What a trial or a contestant is measured by.
namespace anneal::apps {

/// What contestants are judged by: the final validation loss, then the accuracy on the test set, a
/// fraction, which a trial that diverged does not have.
std::vector<Metric> metrics_of(const std::vector<Contestant>& contestants);

/// Of each fresh seed; a trial that diverged may have one that is not finite.
std::vector<double> test_losses(const Contestant& contestant);

std::vector<double> percent(std::vector<double> shares);

/// A trial has diverged when its loss was not finite, or when its final validation loss is more
/// than this many times the loss that it began with. A network that guesses has about the logarithm
/// of the number of classes; a thousand times that takes logits in the thousands: the weights have
/// run off, and the loss says by how much only. The mean over seeds would be that one number.
inline constexpr double run_off = 1000.0;
bool has_diverged(const RunLog& log);

/// The last validation loss; infinite for a run that diverged.
double final_loss(const RunLog& log);

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
