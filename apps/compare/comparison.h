#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/compare/statistics.h"
#include "apps/compare/trials.h"

/// The protocol of a comparison, docs/protocol.md: each schedule is tuned on the same peaks with
/// the same seeds, by its validation loss; then it is judged at its best peak with fresh seeds.
namespace anneal::apps {

/// What is compared, under what conditions.
struct Comparison {
  TrainingOptions training = {};  ///< of every trial, but for schedule, rate and seed
  std::vector<std::string> schedules = {};
  std::size_t baseline = 0;        ///< which of them the others are compared with
  std::vector<double> peaks = {};  ///< learning rates at factor 1, rising
  std::vector<std::uint64_t> tuning_seeds = {};
  std::vector<std::uint64_t> fresh_seeds = {};  ///< none of them a tuning seed
};

/// One schedule's results. A loss is infinite where the trial diverged.
struct Contestant {
  std::string schedule = {};               ///< as it was given
  std::string canonical = {};              ///< as it was understood
  std::vector<double> tuning_losses = {};  ///< at each peak: mean validation loss over tuning seeds
  std::size_t best = 0;                    ///< the peak of the least of them
  std::vector<double> losses = {};         ///< of each fresh seed: final validation loss
  std::vector<double> accuracies = {};     ///< of each fresh seed: of the test set, a fraction

  bool best_is_at_the_edge() const { return best == 0 || best + 1 == tuning_losses.size(); }
  /// How many of the fresh seeds' trials diverged.
  std::int64_t diverged() const;
};

/// The options of one trial.
TrainingOptions trial_of(const Comparison& comparison, std::size_t schedule, double peak,
                         std::uint64_t seed);

/// Told how many trials of how many are done, with those that were in the store already.
struct CompareEvents {
  std::function<void(const char* phase, std::int64_t done, std::int64_t total)> progress = {};
  std::function<bool()> stop = {};  ///< asked after every update, by each worker
};

/// Computes what the store does not hold yet, tuning first; contestants in the order given, or none
/// at all when it was stopped. While it tunes it has no test set. Throws std::invalid_argument for
/// a comparison that makes no sense, and std::logic_error if trials of a seed did not start alike.
std::vector<Contestant> compare(const Comparison& comparison, const datasets::TrainAndTest& data,
                                const TrialStore& store, int workers, const CompareEvents& events);

/// What can be said of a contestant beside the baseline and the others. Nothing is tested where a
/// trial diverged: the p is 1, and it shares no letter with those that did not.
struct Verdict {
  Interval loss_difference = {};  ///< 95 %, of its mean loss minus the baseline's
  Interval accuracy_difference = {};
  double p = 1.0;         ///< sign-flip, of the loss, with Holm's correction over the others
  double rank = 0.0;      ///< mean over seeds, by loss
  std::string tier = {};  ///< letters; of all pairs, by loss
};
std::vector<Verdict> judge(const std::vector<Contestant>& contestants, std::size_t baseline);

}  // namespace anneal::apps
