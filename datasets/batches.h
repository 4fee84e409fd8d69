#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "datasets/split.h"

namespace anneal::datasets {

/// What becomes of the last batch of an epoch when it is smaller than the others.
enum class LastBatch { keep, drop };

/// Minibatches in a seeded order, a new one each epoch. Which examples update `step` sees is a pure
/// function of the seed and the step: a resumed run sees what the uninterrupted one would have.
class Batches {
 public:
  /// `rows` are the examples to draw from, such as Split::training. Throws std::runtime_error when
  /// there are none, or fewer than a batch while the last batch is dropped.
  Batches(std::vector<std::uint32_t> rows, std::size_t batch_size, std::uint64_t seed,
          LastBatch last = LastBatch::keep);

  /// The same with a size for each epoch, of which the last one goes on.
  Batches(std::vector<std::uint32_t> rows, std::vector<std::size_t> batch_sizes, std::uint64_t seed,
          LastBatch last = LastBatch::keep);

  /// Of the first epoch, and of all others if there is one size.
  std::int64_t steps_per_epoch() const { return steps_[0]; }
  /// Updates before an epoch, counted from 0.
  std::int64_t begin_of(std::int64_t epoch) const;
  /// The examples of update `step`, counted from 0 over all epochs; valid until the next call.
  std::span<const std::uint32_t> at(std::int64_t step);

 private:
  std::vector<std::uint32_t> rows_;       // in the order they were given
  std::vector<std::uint32_t> order_;      // in that of `epoch_`
  std::vector<std::size_t> batch_sizes_;  // of each epoch
  std::vector<std::int64_t> steps_;       // in it
  std::vector<std::int64_t> begins_;      // updates before it
  std::uint64_t seed_;
  std::int64_t epoch_ = -1;
};

}  // namespace anneal::datasets
