#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/hyperparameters.h"
#include "apps/memory_need.h"
#include "apps/network.h"
#include "apps/optimizers.h"
#include "apps/run_log.h"
#include "datasets/library.h"
#include "sched/schedule.h"

namespace anneal::apps {

/// Everything that decides what a training run computes, but for the data.
struct TrainingOptions {
  NetworkOptions network = {};
  OptimizerOptions optimizer = {};
  std::string schedule = "warmup@5% | cosine";
  std::vector<std::string> lr_groups = {};  ///< "PATTERN: SCHEDULE"; the last that matches counts
  FollowOptions follow = {};
  int epochs = 5;
  int batch_size = 128;
  bool drop_last = false;  ///< leave out an epoch's last batch when it is smaller
  std::optional<std::int64_t> examples =
      {};  ///< to learn from, besides those held out; default: all
  std::optional<std::int64_t> validation = {};  ///< examples held out; default: a twelfth of them
  /// Of those held out, so many are what evaluations on the way see, and with them the schedules
  /// that watch; the one after the last update is of the others alone. None: all are both.
  std::optional<std::int64_t> watched = {};
  int evaluations = 0;  ///< on those held out, spread evenly over the run; 0: after each epoch
  double label_smoothing = 0.0;
  double clip_norm = 0.0;   ///< 0: gradients are not clipped
  double clip_value = 0.0;  ///< 0: gradients are not clipped
  std::uint64_t seed = 1;
  int threads = 0;  ///< 0: one for each core
};

/// A run that is ready to start: what will happen is known, nothing has been computed.
struct TrainingPlan {
  sched::Schedule schedule;
  std::vector<sched::Stage> stages;
  std::vector<LrGroup> lr_groups;
  std::vector<Followed> followed;
  std::int64_t training_examples;
  std::int64_t validation_examples;
  std::int64_t watched_examples;  ///< of those; all of them where they are not split
  /// Of each epoch: the schedule of the batch size, if there is one, sees epochs where others see
  /// updates, for how many updates there are depends on it.
  std::vector<std::size_t> batch_sizes;
  std::vector<std::int64_t> epoch_ends;        ///< in updates
  std::vector<std::int64_t> evaluation_steps;  ///< so many updates are done at each of them
  std::int64_t steps_per_epoch;                ///< on the average, rounded
  std::int64_t total_steps;
  std::string model;        ///< "784-512-256-10"
  std::int64_t parameters;  ///< how many numbers are learned
  int threads;
  MemoryNeed memory;
};

/// Throws std::invalid_argument or std::runtime_error for options that make no sense, also together
/// with the data: an unknown name, a schedule that does not fit, too large a validation set, a
/// network that the machine has no memory for.
TrainingPlan plan(const TrainingOptions& options, const datasets::TrainAndTest& data);

/// Callbacks, and the stop request. Any of them may be empty.
struct TrainingEvents {
  std::function<void(const StepRecord&, std::int64_t samples)> step = {};
  std::function<void(const EvaluationRecord&)> evaluation = {};  ///< at each evaluation step
  std::function<bool()> stop = {};                               ///< asked after each update
};

/// Trains from fresh weights, evaluates on the validation set as planned and on the test set at the
/// end; without examples to test on, test loss and accuracy are NaN. The bits of the result
/// depend on options and data, not on the number of threads. A loss that is not finite ends the run
/// as diverged, be it of a minibatch, of the validation set, or after the last update.
/// `samples_per_s` counts training alone.
RunResult train(const TrainingOptions& options, const TrainingPlan& plan,
                const datasets::TrainAndTest& data, const TrainingEvents& events);

}  // namespace anneal::apps
