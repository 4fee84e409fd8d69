#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "apps/studies/sklearn_data.h"
#include "nn/module.h"

/// scikit-learn's example "Compare Stochastic learning strategies for MLPClassifier"
/// (examples/neural_networks/plot_mlp_training_curves.py) on its two generated problems: 2-100-1
/// with ReLU, 100 points, all of them in every batch, so an epoch is an update. At most 400, fewer
/// when the loss stalls. Numbers in, numbers out.
namespace anneal::apps {

enum class Rule { sgd, momentum, nesterov, adam };  ///< 0.9, and the usual betas

/// A figure under the example's plots: training accuracy and last training loss.
struct Published {
  double score, loss;
};

/// What MLPClassifier's arguments solver, learning_rate, momentum and nesterovs_momentum say, and
/// what came of it.
struct Strategy {
  std::string_view name;      ///< as in the report
  std::string_view schedule;  ///< factors of the initial rate; an update is an epoch
  Rule rule;
  double rate;  ///< the example's learning_rate_init
  Published circles, moons;

  const Published& published(Pattern pattern) const {
    return pattern == Pattern::circles ? circles : moons;
  }
};
std::span<const Strategy> strategies();

/// Points to learn from, and others of the same distribution.
struct Problem {
  Points train, held_out;  ///< scaled by what takes the training points into [0, 1]
};
/// The example's own points; nothing is held out.
Problem example_problem(Pattern pattern);
/// Points drawn anew: 100 to learn from and 1000 others.
Problem fresh_problem(Pattern pattern, std::uint32_t seed);

/// 2-100-1, whose weights and biases start uniform in +-sqrt(6 / (fan in + fan out)), layer by
/// layer, as MLPClassifier(random_state=weights_seed) draws them.
std::unique_ptr<nn::Module> make_network(std::uint32_t weights_seed);
inline constexpr std::uint32_t example_weights_seed = 0;

struct Outcome {
  double loss = 0.0;   ///< of the last epoch, before its update, with the L2 penalty
  double score = 0.0;  ///< accuracy on the training points
  int epochs = 0;
  /// Infinite, as is `loss`, if training went beyond all numbers; not a number if nothing is held
  /// out.
  double held_out_loss = std::numeric_limits<double>::quiet_NaN();
  double held_out_score = std::numeric_limits<double>::quiet_NaN();
};
/// Trains as MLPClassifier(max_iter=400) does, but starts at `rate`.
Outcome train(const Strategy& strategy, double rate, const Problem& problem,
              std::uint32_t weights_seed);

}  // namespace anneal::apps
