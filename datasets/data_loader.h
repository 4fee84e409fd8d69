#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "datasets/batches.h"
#include "datasets/dataset.h"

namespace anneal::datasets {

/// Examples as a network takes them.
struct Batch {
  nn::Tensor inputs;  ///< (n, features), normalised
  std::vector<int> labels;
};

/// What DataLoader may be told.
struct LoaderOptions {
  std::size_t batch_size = 64;
  std::uint64_t seed = 1;  ///< of the order, a new one each epoch
  std::optional<std::vector<std::uint32_t>> rows =
      {};  ///< which examples, such as Split::training; if not given, all
  std::optional<Normalization> normalization = {};  ///< if none, unit_interval()
  LastBatch last = LastBatch::keep;
};

/// Minibatches as tensors: Batches says which examples they are.
///
///     const auto& [inputs, labels] = loader.at(step);
class DataLoader {
 public:
  /// The data set must outlive it. Throws as Batches does.
  explicit DataLoader(const Dataset& dataset, LoaderOptions options = {});
  explicit DataLoader(const Dataset&&, LoaderOptions = {}) = delete;

  std::int64_t steps_per_epoch() const { return batches_.steps_per_epoch(); }
  /// That of update `step`, counted from 0 over all epochs; valid until the next call.
  const Batch& at(std::int64_t step);

 private:
  const Dataset* dataset_;
  Normalization normalization_;
  Batches batches_;
  Batch batch_;
};

/// All examples, in their order, as one batch; without a normalization, by unit_interval().
Batch whole(const Dataset& dataset, std::optional<Normalization> normalization = {});

}  // namespace anneal::datasets
