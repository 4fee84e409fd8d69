#include "datasets/batches.h"

#include <algorithm>
#include <utility>

#include "datasets/fail.h"
#include "nn/autograd/random.h"

namespace anneal::datasets {

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
