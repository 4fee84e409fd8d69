#include "apps/find_lr/range_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/compare/workers.h"
#include "apps/fail.h"
#include "apps/view/smooth.h"

namespace anneal::apps {
namespace {

/// How a seed is trained: the schedule raises the rate, over enough epochs for all the updates.
TrainingOptions training_of(const RangeTestOptions& o, std::uint64_t seed,
                            const datasets::TrainAndTest& data) {
  TrainingOptions t = o.training;
  t.seed = seed;
  t.threads = 1;
  t.evaluations = 1;  // the fewest; nothing looks at them
  t.optimizer.lr = o.from;
  t.schedule = fmt::format("expr:'exp({} * step)'",
                           std::log(o.to / o.from) / static_cast<double>(o.updates - 1));
  t.epochs = 1;
  const std::int64_t an_epoch = plan(t, data).total_steps;
  t.epochs = static_cast<int>((o.updates + an_epoch - 1) / an_epoch);
  return t;
}

SeedCurve train_seed(const TrainingOptions& training, std::int64_t updates,
                     const datasets::TrainAndTest& data, const std::function<bool()>& stop) {
  SeedCurve curve{.seed = training.seed, .end = RangeEnd::not_finite};
  Smooth smooth(smoothing_window);
  double least = HUGE_VAL;
  const auto add = [&](const StepRecord& step, std::int64_t /*samples*/) {
    if (!std::isfinite(step.loss)) return;
    smooth.add(step.loss);
    least = std::min(least, smooth.value());
    curve.losses.push_back(step.loss);
    curve.smoothed.push_back(smooth.value());
  };
  const auto is_over = [&] {  // not asked after a loss that is not finite
    if (smooth.value() > give_up * least) {
      curve.end = RangeEnd::beyond;
    } else if (std::ssize(curve.losses) == updates) {
      curve.end = RangeEnd::finished;
    } else if (stop && stop()) {
      curve.end = RangeEnd::interrupted;
    } else {
      return false;
    }
    return true;
  };
  train(training, plan(training, data), data, {.step = add, .stop = is_over});
  if (std::ssize(curve.losses) == updates)
    curve.end = RangeEnd::finished;  // what follows is unseen
  return curve;
}

}  // namespace

double rate_at(const RangeTestOptions& o, std::int64_t update) {
  return o.from * std::exp(std::log(o.to / o.from) / static_cast<double>(o.updates - 1) *
                           static_cast<double>(update));
}

TrainingPlan plan(const RangeTestOptions& o, const datasets::TrainAndTest& data) {
  if (!(o.from > 0.0) || !(o.to > o.from) || !std::isfinite(o.to / o.from))
    fail(Fault::argument, fmt::format("a range test goes from a rate above 0 up to a greater one; "
                                      "got --from {} and --to {}",
                                      o.from, o.to));
  if (o.updates < 2)
    fail(Fault::argument,
         fmt::format("a range test takes two updates or more; got --updates {}", o.updates));
  return plan(training_of(o, o.training.seed, data), data);
}

std::vector<SeedCurve> train_seeds(const RangeTestOptions& o, datasets::TrainAndTest data,
                                   int workers, const std::function<bool()>& stop) {
  plan(o, data);            // throws for what makes no sense
  data.test.bytes.clear();  // nothing here is to look at it
  data.test.numbers.clear();
  data.test.labels.clear();
  std::vector<SeedCurve> curves(static_cast<std::size_t>(o.seeds));
  in_parallel(curves.size(), std::min(workers, o.seeds), [&](std::size_t i) {
    curves[i] = train_seed(training_of(o, o.training.seed + i, data), o.updates, data, stop);
  });
  return curves;
}

RangeTest summarize(const RangeTestOptions& o, std::vector<SeedCurve> seeds) {
  RangeTest test{.seeds = std::move(seeds)};
  for (std::int64_t i = 0; i < o.updates; ++i) test.rates.push_back(rate_at(o, i));
  std::size_t common = test.rates.size();
  for (const SeedCurve& s : test.seeds) common = std::min(common, s.smoothed.size());
  if (common == 0)
    fail(Fault::argument, "the loss is not finite before the first update: there is no test");
  for (std::size_t i = 0; i < common; ++i) {
    std::vector<double> at;
    for (const SeedCurve& s : test.seeds) at.push_back(s.smoothed[i]);
    const auto [low, high] = std::ranges::minmax(at);
    test.lowest.push_back(low);
    test.highest.push_back(high);
    test.mean.push_back(std::accumulate(at.begin(), at.end(), 0.0) /
                        static_cast<double>(at.size()));
  }
  const auto ask = [&](const std::vector<double>& losses) {
    return suggestions({std::span(test.rates).first(losses.size()), losses}, test.rates.size());
  };
  test.suggested = ask(test.mean);
  for (const SeedCurve& s : test.seeds) test.of_seeds.push_back(ask(s.smoothed));
  return test;
}

}  // namespace anneal::apps
