#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/find_lr/suggestions.h"
#include "apps/training.h"

/// The learning-rate range test: Smith, Cyclical Learning Rates for Training Neural Networks, 2017,
/// section 3.3. Training begins afresh with a tiny rate that is raised with every update, and the
/// loss says where it began to help and where it was too much.
namespace anneal::apps {

/// What is tested. Update i of N has the rate from * (to / from)^(i / (N - 1)): equal steps of the
/// logarithm, as in fastai, where Smith's are of the rate itself.
struct RangeTestOptions {
  TrainingOptions training = {};  ///< its rate, schedule, epochs and threads are not looked at
  double from = 1e-4;
  double to = 10.0;
  std::int64_t updates = 300;
  int seeds = 5;  ///< the training's, the next one, ...
};

enum class RangeEnd { finished, beyond, not_finite, interrupted };

/// The test of one seed. A test ends early when a loss is not finite, which is then left out, or
/// when the smoothed loss is beyond `give_up` times its minimum.
struct SeedCurve {
  std::uint64_t seed = 0;
  std::vector<double> losses = {};  ///< the mean of each update's batch, before it
  std::vector<double> smoothed = {};
  RangeEnd end = RangeEnd::finished;
};
inline constexpr double give_up = 4.0;          // fastai 2, LRFinder.after_batch
inline constexpr double smoothing_window = 50;  // beta = 1 - 1 / 50 = 0.98, as in fastai

/// All seeds together, up to the update that the first of them did not reach.
struct RangeTest {
  std::vector<double> rates = {};                                 ///< of all the updates
  std::vector<SeedCurve> seeds = {};                              ///< in order
  std::vector<double> mean = {}, lowest = {}, highest = {};       ///< of the smoothed losses
  std::array<Suggestion, rule_count> suggested = {};              ///< for the mean
  std::vector<std::array<Suggestion, rule_count>> of_seeds = {};  ///< for each by itself
};

/// How a seed is trained. Throws std::invalid_argument for options that make no sense, also
/// together with the data.
TrainingPlan plan(const RangeTestOptions& options, const datasets::TrainAndTest& data);

/// The seeds are trained `workers` at a time, one thread each, and the bits do not depend on how
/// many. The test set is left alone. Once `stop` says so, every seed ends after its update,
/// interrupted.
std::vector<SeedCurve> train_seeds(const RangeTestOptions& options, datasets::TrainAndTest data,
                                   int workers, const std::function<bool()>& stop = {});

/// What they say together. Throws std::invalid_argument if one has no finite loss at all.
RangeTest summarize(const RangeTestOptions& options, std::vector<SeedCurve> seeds);

/// The rate of an update.
double rate_at(const RangeTestOptions& options, std::int64_t update);

}  // namespace anneal::apps
