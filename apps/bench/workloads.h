#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/image_set.h"
#include "nn/autograd/tensor.h"

namespace anneal::apps {

/// A training, or an evaluation, whose speed is compared: fixed, so that figures can be.
struct Workload {
  std::string_view name;  ///< "W1"
  std::vector<nn::Index> hidden;
  int batch_size;
  std::string_view optimizer;
  double lr;
  std::int64_t examples;  ///< in an epoch; of the larger net's, a quarter is enough to time
  bool evaluates =
      false;  ///< the test set in batches of 1000 is timed, after one epoch of training
};
std::span<const Workload> workloads();

/// What one process measured.
struct Speed {
  std::string workload;
  int threads = 1;
  double samples_per_s = 0;      ///< of the fastest epoch: others were disturbed
  double seconds_per_epoch = 0;  ///< of 60,000 training examples, or of the test set, at that speed
  double test_accuracy = 0;
  double peak_rss_mb = 0;
  double first_update_s = 0;  ///< from the start of the process to the end of the first update
};

/// Trains on one thread or several. An epoch is a fresh shuffle and, for each batch, the gather,
/// forward, cross-entropy, backward and the optimizer's step; loading is not timed.
Speed measure(const Workload& workload, const datasets::TrainAndTest& data, int threads,
              int epochs);

/// Multiply-adds of the matrix products of an example, all counted, and weights and biases.
std::int64_t multiply_adds(const Workload& workload, nn::Index features, nn::Index classes);
std::int64_t parameters(const Workload& workload, nn::Index features, nn::Index classes);

}  // namespace anneal::apps
