#include "apps/studies/sklearn_fair.h"

#include <algorithm>

namespace anneal::apps {
namespace {

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
  std::vector<std::vector<double>> losses;
  for (Standing& s : standings) {
    s.fresh.assign(next, next + seeds);
    next += seeds;
    losses.push_back(values_of(s.fresh, measure));
  }
  const std::vector<Verdict> verdicts =
      judge({{.name = "loss", .values = std::move(losses)}}, 0).verdicts[0];
  for (std::size_t s = 0; s < verdicts.size(); ++s) standings[s].verdict = verdicts[s];
  return standings;
}

}  // namespace anneal::apps
