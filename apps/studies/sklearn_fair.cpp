#include "apps/studies/sklearn_fair.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace anneal::apps {
namespace {

constexpr double significant = 0.05;

struct Trial {
  std::size_t strategy;
  double rate;
  std::uint32_t seed;
};

/// The outcomes in the order of the trials. Every strategy and rate meets the same points and
/// weights under a seed.
std::vector<Outcome> run(Pattern pattern, const std::vector<Trial>& trials, int workers) {
  std::vector<Outcome> outcomes(trials.size());
#pragma omp parallel for schedule(dynamic) num_threads(workers)
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Trial& t = trials[i];
    outcomes[i] = train(strategies()[t.strategy], t.rate, fresh_problem(pattern, t.seed), t.seed);
  }
  return outcomes;
}

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> d(a.size());
  std::ranges::transform(a, b, d.begin(), std::minus<>());
  return d;
}

/// The tests against the first strategy.
void test_against_first(std::vector<Standing>& standings, Measure measure) {
  if (standings[0].diverged) return;
  const std::vector<double> first = values_of(standings[0].fresh, measure);
  std::vector<Standing*> tested;
  std::vector<double> p;
  for (Standing& s : standings) {
    if (&s == &standings[0] || s.diverged) continue;
    const std::vector<double> d = differences(values_of(s.fresh, measure), first);
    s.difference = bca_interval(d);
    tested.push_back(&s);
    p.push_back(sign_flip_p(d));
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->p = adjusted[i];
}

/// Ranks, and letters in their order, from the tests of all pairs at once.
void rank(std::vector<Standing>& standings, Measure measure) {
  const std::size_t n = standings.size();
  std::vector<std::vector<double>> values(n);
  std::ranges::transform(standings, values.begin(),
                         [&](const Standing& s) { return values_of(s.fresh, measure); });
  const std::vector<double> ranks = mean_ranks(values);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ranks[i]; });

  std::vector<std::vector<bool>> differ(n, std::vector<bool>(n, false));  // by place in the order
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const Standing& a = standings[order[i]];
      const Standing& b = standings[order[j]];
      differ[i][j] = differ[j][i] = a.diverged != b.diverged;
      if (a.diverged || b.diverged) continue;
      pairs.emplace_back(i, j);
      rows.push_back(differences(values[order[i]], values[order[j]]));
    }
  const std::vector<double> p = joint_sign_flip_p(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto [i, j] = pairs[r];
    differ[i][j] = differ[j][i] = p[r] <= significant;
  }
  const std::vector<std::string> tiers = letters(differ);
  for (std::size_t place = 0; place < n; ++place) {
    standings[order[place]].rank = ranks[order[place]];
    standings[order[place]].tier = tiers[place];
  }
}

}  // namespace

double value_of(const Outcome& outcome, Measure measure) {
  return measure == Measure::training_loss ? outcome.loss : outcome.held_out_loss;
}

std::vector<double> values_of(const std::vector<Outcome>& outcomes, Measure measure) {
  std::vector<double> values(outcomes.size());
  std::ranges::transform(outcomes, values.begin(),
                         [&](const Outcome& o) { return value_of(o, measure); });
  return values;
}

Tuning tune(Pattern pattern, const FairPlan& plan) {
  std::vector<Trial> trials;
  for (std::size_t s = 0; s < strategies().size(); ++s)
    for (const double rate : plan.rates)
      for (const std::uint32_t seed : plan.tuning_seeds) trials.push_back({s, rate, seed});
  const std::vector<Outcome> outcomes = run(pattern, trials, plan.workers);

  Tuning tuning(strategies().size());
  auto next = outcomes.begin();
  const auto seeds = static_cast<std::ptrdiff_t>(plan.tuning_seeds.size());
  for (auto& of_strategy : tuning)
    for (std::size_t k = 0; k < plan.rates.size(); ++k, next += seeds)
      of_strategy.emplace_back(next, next + seeds);
  return tuning;
}

std::vector<Standing> decide(Pattern pattern, Measure measure, const FairPlan& plan,
                             const Tuning& tuning) {
  std::vector<Standing> standings(tuning.size());
  std::vector<Trial> trials;
  for (std::size_t s = 0; s < tuning.size(); ++s) {
    std::vector<double>& means = standings[s].tuning;
    for (const std::vector<Outcome>& at_rate : tuning[s])
      means.push_back(mean_of(values_of(at_rate, measure)));
    standings[s].best = static_cast<std::size_t>(std::ranges::min_element(means) - means.begin());
    for (const std::uint32_t seed : plan.fresh_seeds)
      trials.push_back({s, plan.rates[standings[s].best], seed});
  }
  const std::vector<Outcome> outcomes = run(pattern, trials, plan.workers);
  auto next = outcomes.begin();
  const auto seeds = static_cast<std::ptrdiff_t>(plan.fresh_seeds.size());
  for (Standing& s : standings) {
    s.fresh.assign(next, next + seeds);
    next += seeds;
    s.diverged = !std::isfinite(mean_of(values_of(s.fresh, measure)));
  }
  test_against_first(standings, measure);
  rank(standings, measure);
  return standings;
}

}  // namespace anneal::apps
