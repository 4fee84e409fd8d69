#include "apps/find_lr/suggestions.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "apps/fail.h"

namespace anneal::apps {

RangeCurve without_ends(const RangeCurve& curve, std::size_t updates) {
  const std::size_t first = updates / 10;
  constexpr std::size_t last = 5;
  if (curve.rates.size() < first + last + 2) return curve;
  const std::size_t count = curve.rates.size() - first - last;
  return {curve.rates.subspan(first, count), curve.losses.subspan(first, count)};
}

std::size_t steepest(const RangeCurve& curve) {
  std::size_t best = 0;
  double least = HUGE_VAL;
  for (std::size_t i = 0; i + 1 < curve.rates.size(); ++i) {
    const double slope = (curve.losses[i + 1] - curve.losses[i]) /
                         (std::log(curve.rates[i + 1]) - std::log(curve.rates[i]));
    if (slope >= least) continue;
    least = slope;
    best = i;
  }
  return best;
}

std::size_t minimum(const RangeCurve& curve) {
  return static_cast<std::size_t>(std::ranges::min_element(curve.losses) - curve.losses.begin());
}

std::size_t valley(const RangeCurve& curve) {
  // highest[k]: the highest loss in which a falling subsequence of k + 1 of the losses so far can
  // end. It falls with k, and each loss improves the first that is not above it. (Fredman, On
  // computing the length of longest increasing subsequences, 1975)
  std::vector<double> highest;
  std::size_t end = 0;
  for (std::size_t i = 0; i < curve.losses.size(); ++i) {
    const auto place = std::ranges::lower_bound(highest, curve.losses[i], std::ranges::greater());
    if (place != highest.end()) {
      *place = curve.losses[i];
    } else {
      highest.push_back(curve.losses[i]);
      end = i;
    }
  }
  const std::size_t length = highest.size();
  const std::size_t back = length - length / 3 - length / 6;  // from the end
  return end - std::min(end, back);
}

std::size_t slide(const RangeCurve& curve, std::size_t updates) {
  const auto& loss = curve.losses;
  const std::size_t n = loss.size();
  const double hundredth = static_cast<double>(updates) / 100.0;
  const auto interval =
      std::max<std::size_t>(static_cast<std::size_t>(std::lround(15.0 * hundredth)), 1);
  if (n < interval + 2) return 0;
  const auto slope = [&](std::size_t i) {
    const std::size_t left = i == 0 ? 0 : i - 1;
    const std::size_t right = std::min(i + 1, n - 1);
    return (loss[right] - loss[left]) / static_cast<double>(right - left) * hundredth;
  };
  constexpr double threshold = 0.005;
  std::size_t left = n - 1 - interval;
  const auto changes = [&](std::size_t i) {
    return std::abs(slope(i + interval) - slope(i)) > threshold;
  };
  if (!changes(left)) return left;
  while (left > 0 && changes(left - 1)) --left;
  return left;
}

const std::array<Rule, rule_count> rules{{
    {.name = "steepest",
     .meaning = "the loss falls fastest",
     .source = "Smith 2017; fastai: steep",
     .choose = [](const RangeCurve& c, std::size_t /*updates*/) { return steepest(c); },
     .factor = 1.0},
    {.name = "minimum/10",
     .meaning = "a tenth of the rate at the lowest loss",
     .source = "fastai: minimum",
     .choose = [](const RangeCurve& c, std::size_t /*updates*/) { return minimum(c); },
     .factor = 0.1},
    {.name = "valley",
     .meaning = "the middle of the longest fall",
     .source = "ESRI; fastai: valley",
     .choose = [](const RangeCurve& c, std::size_t /*updates*/) { return valley(c); },
     .factor = 1.0},
    {.name = "slide",
     .meaning = "before the slope begins to change",
     .source = "Novetta; fastai: slide",
     .choose = [](const RangeCurve& c, std::size_t updates) { return slide(c, updates); },
     .factor = 1.0},
}};

std::array<Suggestion, rule_count> suggestions(const RangeCurve& curve, std::size_t updates) {
  if (curve.rates.empty() || curve.rates.size() != curve.losses.size())
    fail(Fault::argument, "a range test has as many rates as losses, and some of them; got " +
                              std::to_string(curve.rates.size()) + " and " +
                              std::to_string(curve.losses.size()));
  const RangeCurve inner = without_ends(curve, updates);
  const auto first = static_cast<std::size_t>(inner.rates.data() - curve.rates.data());
  std::array<Suggestion, rule_count> all;
  for (std::size_t r = 0; r < rule_count; ++r) {
    const std::size_t at = rules[r].choose(inner, updates);
    all[r] = {.rate = rules[r].factor * inner.rates[at], .at = first + at};
  }
  return all;
}

}  // namespace anneal::apps
