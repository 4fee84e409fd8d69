#include "apps/compare/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sched/memory.h"
#include "sched/parse.h"

namespace anneal::apps {
namespace {

std::vector<std::vector<double>> losses_of(const std::vector<Contestant>& contestants) {
  std::vector<std::vector<double>> losses(contestants.size());
  std::ranges::transform(contestants, losses.begin(), &Contestant::losses);
  return losses;
}

}  // namespace

std::vector<Metric> metrics_of(const std::vector<Contestant>& contestants) {
  Metric accuracy{.name = "test accuracy", .higher_is_better = true};
  for (const Contestant& one : contestants) {
    accuracy.values.push_back(one.accuracies);
    for (std::size_t k = 0; k < one.losses.size(); ++k)
      if (!std::isfinite(one.losses[k])) accuracy.values.back()[k] = NAN;
  }
  return {{.name = "validation loss", .values = losses_of(contestants)}, std::move(accuracy)};
}

std::vector<double> test_losses(const Contestant& contestant) {
  std::vector<double> losses;
  for (const RunLog& run : contestant.runs) losses.push_back(run.result->test_loss);
  return losses;
}

std::vector<double> percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100;
  return shares;
}

bool has_diverged(const RunLog& log) {
  if (log.result->diverged || log.evaluations.empty()) return true;
  const double loss = log.evaluations.back().validation_loss;
  return !std::isfinite(loss) || (!log.steps.empty() && loss > run_off * log.steps[0].loss);
}

double final_loss(const RunLog& log) {
  return has_diverged(log) ? std::numeric_limits<double>::infinity()
                           : log.evaluations.back().validation_loss;
}

double area_under(const RunLog& log) {
  const auto& e = log.evaluations;
  if (has_diverged(log)) return std::numeric_limits<double>::infinity();
  if (e.size() == 1) return e[0].validation_loss;
  double area = 0.0;
  for (std::size_t i = 1; i < e.size(); ++i)
    area += 0.5 * (e[i].validation_loss + e[i - 1].validation_loss) *
            static_cast<double>(e[i].step - e[i - 1].step);
  return area / static_cast<double>(e.back().step - e.front().step);
}

std::optional<std::int64_t> steps_to(const RunLog& log, double target) {
  const auto found = std::ranges::find_if(
      log.evaluations, [&](const EvaluationRecord& e) { return e.validation_accuracy >= target; });
  if (found == log.evaluations.end()) return {};
  return found->step;
}

TimeToTarget time_to(const Contestant& contestant, double target) {
  TimeToTarget out;
  std::vector<double> steps;
  for (const RunLog& run : contestant.runs) {
    const auto reached = steps_to(run, target);
    out.reached += reached ? 1 : 0;
    steps.push_back(reached ? static_cast<double>(*reached)
                            : std::numeric_limits<double>::infinity());
  }
  if (steps.empty()) return out;
  std::ranges::sort(steps);
  const double middle = 0.5 * (steps[(steps.size() - 1) / 2] + steps[steps.size() / 2]);
  if (std::isfinite(middle)) out.median = middle;
  return out;
}

std::pair<double, double> robust_peaks(const Contestant& one) {
  const std::vector<double>& peaks = one.entrant.peaks;
  if (!one.tuned()) return {one.peak(), one.peak()};
  const double limit = 1.05 * one.tuning_losses[one.best];
  std::size_t low = one.best;
  std::size_t high = one.best;
  while (low > 0 && one.tuning_losses[low - 1] <= limit) --low;
  while (high + 1 < peaks.size() && one.tuning_losses[high + 1] <= limit) ++high;
  return {peaks[low], peaks[high]};
}

RateCurve rate_curve(const Contestant& one, int points) {
  const RunLog& run = one.runs.at(0);
  std::vector<sched::Observation> losses;
  for (const EvaluationRecord& e : run.evaluations) losses.push_back({e.step, e.validation_loss});
  const sched::Schedule schedule = sched::parse(one.canonical);
  sched::Memory memory;
  const std::int64_t total = run.config.total_steps;
  const std::int64_t wanted = std::min<std::int64_t>(points, total);
  RateCurve curve;
  for (std::int64_t k = 0; k < wanted; ++k) {
    const std::int64_t step = wanted == 1 ? 0 : k * (total - 1) / (wanted - 1);
    curve.steps.push_back(step);
    curve.rates.push_back(
        one.peak() *
        schedule(sched::Clock::at(step, total, run.config.steps_per_epoch, losses, &memory)));
  }
  return curve;
}

}  // namespace anneal::apps
