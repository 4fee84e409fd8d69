#include "apps/compare/judge.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace anneal::apps {
namespace {

bool diverged(const std::vector<double>& losses) {
  return !std::ranges::all_of(losses, [](double loss) { return std::isfinite(loss); });
}

/// Which pairs of contestants can be told apart, by their places in `order`.
std::vector<std::vector<bool>> told_apart(std::span<const std::vector<double>> losses,
                                          const std::vector<std::size_t>& order) {
  const std::size_t n = order.size();
  std::vector<std::vector<bool>> differ(n, std::vector<bool>(n, false));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const std::vector<double>& a = losses[order[i]];
      const std::vector<double>& b = losses[order[j]];
      differ[i][j] = differ[j][i] = diverged(a) != diverged(b);
      if (diverged(a) || diverged(b)) continue;
      pairs.emplace_back(i, j);
      rows.push_back(differences(a, b));
    }
  const std::vector<double> p = joint_sign_flip_p(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto [i, j] = pairs[r];
    differ[i][j] = differ[j][i] = p[r] <= significant;
  }
  return differ;
}

void test_against(std::size_t baseline, std::span<const std::vector<double>> losses,
                  std::vector<Verdict>& verdicts) {
  if (diverged(losses[baseline])) return;
  std::vector<std::size_t> tested;
  std::vector<double> p;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    if (i == baseline || diverged(losses[i])) continue;
    const std::vector<double> d = differences(losses[i], losses[baseline]);
    verdicts[i].tested = true;
    verdicts[i].difference = bca_interval(d);
    tested.push_back(i);
    p.push_back(sign_flip_p(d));
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < tested.size(); ++k) verdicts[tested[k]].p = adjusted[k];
}

}  // namespace

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  std::vector<double> d(a.size());
  std::ranges::transform(a, b, d.begin(), std::minus<>());
  return d;
}

std::vector<std::size_t> ranked(std::span<const Verdict> verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return verdicts[i].rank; });
  return order;
}

std::vector<Verdict> judge(std::span<const std::vector<double>> losses, std::size_t baseline) {
  std::vector<Verdict> verdicts(losses.size());
  const std::vector<double> ranks = mean_ranks(losses);
  for (std::size_t i = 0; i < ranks.size(); ++i) verdicts[i].rank = ranks[i];
  const std::vector<std::size_t> order = ranked(verdicts);
  const std::vector<std::string> tiers = letters(told_apart(losses, order));
  for (std::size_t place = 0; place < order.size(); ++place)
    verdicts[order[place]].tier = tiers[place];
  test_against(baseline, losses, verdicts);
  return verdicts;
}

}  // namespace anneal::apps
