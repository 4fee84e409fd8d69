#pragma once
#include <cstdint>
#include <vector>

#include "apps/compare/judge.h"
#include "apps/studies/sklearn_mlp.h"

/// The same strategies, each at its own best initial rate, on points and weights drawn anew, by the
/// rules of docs/protocol.md. Nothing else differs from the example.
namespace anneal::apps {

struct FairPlan {
  std::vector<double> rates;  ///< rising, the same for all strategies
  std::vector<std::uint32_t> tuning_seeds, fresh_seeds;
  int workers = 1;  ///< trials at a time; the results do not depend on it
};

/// What is to be small: the rate is chosen by it, and the strategies are compared by it.
enum class Measure { training_loss, held_out_loss };
double value_of(const Outcome& outcome, Measure measure);
std::vector<double> values_of(const std::vector<Outcome>& outcomes, Measure measure);

/// The outcomes of the tuning seeds: [strategy][rate][seed].
using Tuning = std::vector<std::vector<std::vector<Outcome>>>;
Tuning tune(Pattern pattern, const FairPlan& plan);

/// One strategy by one measure.
struct Standing {
  std::vector<double> tuning;  ///< at each rate: mean over the tuning seeds
  std::size_t best = 0;        ///< the rate of the least of them
  std::vector<Outcome> fresh;  ///< of each fresh seed, at that rate
  Verdict verdict = {};        ///< beside the first strategy, and the others
};

/// The standings of strategies(), in their order, each with the fresh seeds at its best rate.
std::vector<Standing> decide(Pattern pattern, Measure measure, const FairPlan& plan,
                             const Tuning& tuning);

}  // namespace anneal::apps
