#include "apps/view/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "apps/view/series.h"

namespace anneal::apps {
namespace {

constexpr std::size_t columns = 2000;  // a chart has no more pixels

// Six digits are more than a chart can show. What is not finite leaves a gap: null.
std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : "null";
}

template <class Range, class Get>
std::string array(const Range& range, Get get) {
  std::string out = "[";
  for (const auto& item : range) {
    if (out.size() > 1) out += ',';
    out += get(item);
  }
  return out + ']';
}

// The mean of the finite losses from `reach` updates before to `reach` after: looking both ways,
// it does not lag. Where the loss itself is not finite there is none, lest it mislead.
double mean_around(const std::vector<double>& loss, std::size_t at, std::size_t reach) {
  if (!std::isfinite(loss[at])) return loss[at];
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = at - std::min(at, reach); i < std::min(at + reach + 1, loss.size()); ++i) {
    if (!std::isfinite(loss[i])) continue;
    sum += loss[i];
    ++count;
  }
  return sum / count;
}

}  // namespace

std::int64_t smoothing_reach(const RunLog& log) {
  return std::clamp<std::int64_t>(std::ssize(log.steps) / 100, 1, 100);
}

std::string page_data(const RunLog& log) {
  std::vector<double> x;
  std::vector<double> lr;
  std::vector<double> loss;
  for (const StepRecord& step : log.steps) {
    x.push_back(static_cast<double>(step.step));
    lr.push_back(step.lr);
    loss.push_back(step.loss);
  }
  std::vector<std::size_t> kept;
  std::ranges::set_union(thin(x, lr, columns), thin(x, loss, columns), std::back_inserter(kept));
  const auto reach = static_cast<std::size_t>(smoothing_reach(log));
  const auto of = [&](auto get) { return array(kept, [&](std::size_t i) { return get(i); }); };
  const auto evaluations = [&](auto get) { return array(log.evaluations, get); };
  using Evaluation = EvaluationRecord;

  return fmt::format(
      R"({{"total_steps":{},"stages":{},)"
      R"("steps":{{"x":{},"lr":{},"loss":{},"smooth":{}}},)"
      R"("evaluations":{{"x":{},"loss":{},"accuracy":{}}}}})",
      log.config.total_steps,
      array(log.config.stages,
            [](const Stage& s) { return fmt::format("[{},{}]", s.begin, s.end); }),
      of([&](std::size_t i) { return fmt::format("{}", log.steps[i].step); }),
      of([&](std::size_t i) { return number(lr[i]); }),
      of([&](std::size_t i) { return number(loss[i]); }),
      of([&](std::size_t i) { return number(mean_around(loss, i, reach)); }),
      evaluations([](const Evaluation& e) { return fmt::format("{}", e.step); }),
      evaluations([](const Evaluation& e) { return number(e.validation_loss); }),
      evaluations([](const Evaluation& e) { return number(100.0 * e.validation_accuracy); }));
}

}  // namespace anneal::apps
