#include "apps/compare/judge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

bool failed(std::span<const double> values) {
  return !std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
}

/// So that less is better, and what failed is infinite.
std::vector<std::vector<double>> scores_of(const Metric& metric) {
  std::vector<std::vector<double>> scores = metric.values;
  for (std::vector<double>& row : scores)
    for (double& v : row)
      v = !std::isfinite(v)         ? std::numeric_limits<double>::infinity()
          : metric.higher_is_better ? -v
                                    : v;
  return scores;
}

/// The pairs of a metric, and their differences.
void add_pairs(const Judgement& judgement, std::size_t metric, std::vector<Pair>& pairs,
               std::vector<std::vector<double>>& rows) {
  const std::vector<std::vector<double>> scores = scores_of(judgement.metrics[metric]);
  for (std::size_t i = 0; i < scores.size(); ++i)
    for (std::size_t j = i + 1; j < scores.size(); ++j) {
      if (failed(scores[i]) || failed(scores[j])) continue;
      rows.push_back(differences(scores[i], scores[j]));
      const bool first = mean_of(rows.back()) <= 0.0;
      pairs.push_back({.metric = metric, .better = first ? i : j, .worse = first ? j : i});
    }
}

void test_all(Judgement& judgement) {
  constexpr std::size_t most = std::size_t{1} << 20;
  std::size_t pairs = 0;
  for (const Metric& m : judgement.metrics) pairs += m.values.size() * (m.values.size() - 1) / 2;
  if (pairs > most)
    fail(Fault::argument, std::to_string(pairs) +
                              " pairs are too many to be tested together; at most " +
                              std::to_string(most));
  std::vector<std::vector<double>> rows;
  for (std::size_t m = 0; m < judgement.metrics.size(); ++m)
    add_pairs(judgement, m, judgement.pairs, rows);
  const JointTest test = joint_sign_flip(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) judgement.pairs[r].p = test.p[r];
  judgement.sets = test.sets;
}

/// Letters for those that did not fail, in the order of their ranks.
void give_tiers(const Judgement& judgement, std::size_t metric, std::vector<Verdict>& verdicts) {
  std::vector<std::size_t> order = ranked(verdicts);
  std::erase_if(order, [&](std::size_t i) { return failed(judgement.metrics[metric].values[i]); });
  std::vector<std::size_t> place(verdicts.size(), 0);
  for (std::size_t k = 0; k < order.size(); ++k) place[order[k]] = k;
  std::vector<std::vector<bool>> differ(order.size(), std::vector<bool>(order.size(), false));
  for (const Pair& pair : judgement.pairs) {
    if (pair.metric != metric) continue;
    const std::size_t a = place[pair.better];
    const std::size_t b = place[pair.worse];
    if (pair.told() == Told::apart) differ[a][b] = differ[b][a] = true;
    if (pair.told() == Told::close)
      verdicts[pair.better].tier_is_close = verdicts[pair.worse].tier_is_close = true;
  }
  const std::vector<std::string> tiers = letters(differ);
  for (std::size_t k = 0; k < order.size(); ++k) verdicts[order[k]].tier = tiers[k];
}

std::vector<Verdict> verdicts_by(const Judgement& judgement, std::size_t metric) {
  const Metric& by = judgement.metrics[metric];
  std::vector<Verdict> verdicts(by.values.size());
  const std::vector<double> ranks = mean_ranks(scores_of(by));
  for (std::size_t i = 0; i < ranks.size(); ++i) verdicts[i].rank = ranks[i];
  const std::size_t base = judgement.baseline;
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    if (i != base) verdicts[i].difference = interval_of(differences(by.values[i], by.values[base]));
  if (!judgement.tested()) return verdicts;
  for (const Pair& pair : judgement.pairs) {
    if (pair.metric != metric || (pair.better != base && pair.worse != base)) continue;
    Verdict& other = verdicts[pair.better == base ? pair.worse : pair.better];
    other.tested = true;
    other.p = pair.p;
  }
  give_tiers(judgement, metric, verdicts);
  return verdicts;
}

/// The level of a single test, were each of so many pairs to be tested by itself and their total
/// error to be that of the claims: what pairs_needed() is to reckon with.
double level_of_claims(const Judgement& judgement) {
  double pairs = 0.0;
  for (const Metric& metric : judgement.metrics) {
    const auto n = static_cast<double>(metric.values.size());
    pairs += 0.5 * n * (n - 1.0);
  }
  return claimed / std::max(pairs, 1.0);
}

}  // namespace

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  std::vector<double> d(a.size());
  std::ranges::transform(a, b, d.begin(), [](double x, double y) {
    const bool rounding = std::abs(x - y) <= 1e-12 * std::max(std::abs(x), std::abs(y));
    return std::isfinite(x - y) && rounding ? 0.0 : x - y;
  });
  return d;
}

std::optional<Interval> interval_of(std::span<const double> values) {
  if (failed(values) || std::ssize(values) < fewest_for_interval) return {};
  return t_interval(values);
}

Told told_by(double p) {
  return p <= claimed ? Told::apart : p <= close_to ? Told::close : Told::no;
}

std::optional<std::int64_t> seeds_needed(std::span<const double> differences,
                                         const Judgement& judgement) {
  if (failed(differences) || std::ssize(differences) < fewest_for_interval) return {};
  const double needed = std::ceil(
      pairs_needed(mean_of(differences), deviation_of(differences), level_of_claims(judgement)));
  if (!(needed < 1e15)) return {};
  return std::max(fewest_rounds, static_cast<std::int64_t>(needed));
}

std::vector<std::size_t> ranked(std::span<const Verdict> verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return verdicts[i].rank; });
  return order;
}

Judgement judge(std::vector<Metric> metrics, std::size_t baseline) {
  Judgement judgement{.baseline = baseline, .metrics = std::move(metrics)};
  const auto& values = judgement.metrics.at(0).values;
  judgement.rounds = values.empty() ? 0 : std::ssize(values[0]);
  if (judgement.tested()) test_all(judgement);
  for (std::size_t m = 0; m < judgement.metrics.size(); ++m)
    judgement.verdicts.push_back(verdicts_by(judgement, m));
  return judgement;
}

}  // namespace anneal::apps
