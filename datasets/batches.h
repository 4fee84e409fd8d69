#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace anneal::datasets {

/// The examples [0, n) in two parts that share none, chosen by the seed.
struct Split {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> validation;
};
/// Throws std::runtime_error unless at least one example is left to train on.
Split split(std::size_t n, std::size_t validation, std::uint64_t seed);

/// What becomes of the last batch of an epoch when it is smaller than the others.
enum class LastBatch { keep, drop };

/// Minibatches in a seeded order, a new one each epoch. Which examples update `step` sees is a pure
/// function of the seed and the step: a resumed run sees what the uninterrupted one would have.
class Batches {
 public:
  /// Throws std::runtime_error when there are no examples, or fewer than a batch while the last
  /// batch is dropped.
  Batches(std::vector<std::uint32_t> rows, std::size_t batch_size, std::uint64_t seed,
          LastBatch last = LastBatch::keep);

  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  /// The examples of update `step`, counted from 0 over all epochs; valid until the next call.
  std::span<const std::uint32_t> at(std::int64_t step);

 private:
  std::vector<std::uint32_t> rows_;   // in the order they were given
  std::vector<std::uint32_t> order_;  // in that of `epoch_`
  std::size_t batch_size_;
  std::uint64_t seed_;
  std::int64_t steps_per_epoch_;
  std::int64_t epoch_ = -1;
};

}  // namespace anneal::datasets
