#include "apps/compare/judge.h"

#include <algorithm>
#include <numeric>

namespace anneal::apps {
namespace {

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> d;
  for (std::size_t i = 0; i < a.size(); ++i) d.push_back(a[i] - b[i]);
  return d;
}

/// Which pairs of contestants can be told apart.
std::vector<std::vector<bool>> told_apart(const std::vector<Contestant>& contestants) {
  const std::size_t n = contestants.size();
  std::vector<std::vector<bool>> differ(n, std::vector<bool>(n, false));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool i_failed = contestants[i].diverged() > 0;
      const bool j_failed = contestants[j].diverged() > 0;
      differ[i][j] = differ[j][i] = i_failed != j_failed;
      if (i_failed || j_failed) continue;
      pairs.emplace_back(i, j);
      rows.push_back(differences(contestants[i].losses, contestants[j].losses));
    }
  const std::vector<double> p = joint_sign_flip_p(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto [i, j] = pairs[r];
    differ[i][j] = differ[j][i] = p[r] <= significant;
  }
  return differ;
}

}  // namespace

std::vector<std::size_t> ranked(const std::vector<Verdict>& verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return verdicts[i].rank; });
  return order;
}

std::vector<Verdict> judge(const std::vector<Contestant>& contestants, std::size_t baseline) {
  std::vector<std::vector<double>> losses;
  losses.reserve(contestants.size());
  for (const Contestant& c : contestants) losses.push_back(c.losses);
  const std::vector<double> ranks = mean_ranks(losses);
  std::vector<Verdict> verdicts(contestants.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) verdicts[i].rank = ranks[i];
  const std::vector<std::size_t> order = ranked(verdicts);  // so that the best has an "a"
  std::vector<Contestant> ordered;
  ordered.reserve(order.size());
  for (const std::size_t i : order) ordered.push_back(contestants[i]);
  const std::vector<std::string> tiers = letters(told_apart(ordered));

  for (std::size_t i = 0; i < order.size(); ++i) verdicts[order[i]].tier = tiers[i];
  const Contestant& base = contestants[baseline];
  std::vector<std::size_t> tested;
  std::vector<double> p;
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    const Contestant& c = contestants[i];
    if (i == baseline || c.diverged() > 0 || base.diverged() > 0) continue;
    const std::vector<double> loss = differences(c.losses, base.losses);
    verdicts[i].loss_difference = bca_interval(loss);
    verdicts[i].accuracy_difference = bca_interval(differences(c.accuracies, base.accuracies));
    verdicts[i].tested = true;
    tested.push_back(i);
    p.push_back(sign_flip_p(loss));
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < tested.size(); ++k) verdicts[tested[k]].p = adjusted[k];
  return verdicts;
}

}  // namespace anneal::apps
