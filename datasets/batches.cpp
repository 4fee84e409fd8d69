#include "datasets/batches.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "datasets/fail.h"
#include "nn/autograd/random.h"

namespace anneal::datasets {

Split split(std::size_t n, std::size_t validation, std::uint64_t seed) {
  if (validation >= n)
    fail("a validation set of " + std::to_string(validation) + " leaves nothing of " +
         std::to_string(n) + " examples to train on");
  std::vector<std::uint32_t> all(n);
  std::iota(all.begin(), all.end(), 0U);
  nn::Random(seed, nn::Purpose::split).shuffle(std::span(all));
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(validation);
  Split parts{{middle, all.end()}, {all.begin(), middle}};
  // In the order of the data, so that the order of training is the seed of the batches' alone.
  std::ranges::sort(parts.training);
  std::ranges::sort(parts.validation);
  return parts;
}

Batches::Batches(std::vector<std::uint32_t> rows, std::size_t batch_size, std::uint64_t seed,
                 LastBatch last)
    : rows_(std::move(rows)), order_(rows_), batch_size_(batch_size), seed_(seed) {
  if (batch_size == 0) fail("a batch of 0 examples; wanted at least 1");
  const std::size_t whole = rows_.size() / batch_size;
  const bool remainder = rows_.size() % batch_size != 0 && last == LastBatch::keep;
  steps_per_epoch_ = static_cast<std::int64_t>(whole + (remainder ? 1 : 0));
  if (steps_per_epoch_ == 0)
    fail(std::to_string(rows_.size()) + " examples make no batch of " + std::to_string(batch_size));
}

std::span<const std::uint32_t> Batches::at(std::int64_t step) {
  if (const std::int64_t epoch = step / steps_per_epoch_; epoch != epoch_) {
    std::ranges::copy(rows_, order_.begin());
    nn::Random(seed_, nn::Purpose::order, static_cast<std::uint64_t>(epoch))
        .shuffle(std::span(order_));
    epoch_ = epoch;
  }
  const std::size_t begin = static_cast<std::size_t>(step % steps_per_epoch_) * batch_size_;
  return std::span(order_).subspan(begin, std::min(batch_size_, order_.size() - begin));
}

}  // namespace anneal::datasets
