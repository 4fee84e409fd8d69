#include "datasets/batches.h"

#include <algorithm>
#include <utility>

#include "datasets/fail.h"
#include "nn/autograd/random.h"

namespace anneal::datasets {

Batches::Batches(std::vector<std::uint32_t> rows, std::size_t batch_size, std::uint64_t seed,
                 LastBatch last)
    : Batches(std::move(rows), std::vector{batch_size}, seed, last) {}

Batches::Batches(std::vector<std::uint32_t> rows, std::vector<std::size_t> batch_sizes,
                 std::uint64_t seed, LastBatch last)
    : rows_(std::move(rows)), order_(rows_), batch_sizes_(std::move(batch_sizes)), seed_(seed) {
  if (batch_sizes_.empty()) fail("no batch size; wanted at least one");
  std::int64_t begin = 0;
  for (const std::size_t size : batch_sizes_) {
    if (size == 0) fail("a batch of 0 examples; wanted at least 1");
    const bool remainder = rows_.size() % size != 0 && last == LastBatch::keep;
    steps_.push_back(static_cast<std::int64_t>(rows_.size() / size + (remainder ? 1 : 0)));
    if (steps_.back() == 0)
      fail(std::to_string(rows_.size()) + " examples make no batch of " + std::to_string(size));
    begins_.push_back(begin);
    begin += steps_.back();
  }
}

std::int64_t Batches::begin_of(std::int64_t epoch) const {
  const auto last = static_cast<std::int64_t>(begins_.size()) - 1;
  if (epoch <= last) return begins_[static_cast<std::size_t>(epoch)];
  return begins_.back() + (epoch - last) * steps_.back();
}

std::span<const std::uint32_t> Batches::at(std::int64_t step) {
  const auto known = std::ranges::upper_bound(begins_, step) - begins_.begin() - 1;
  const auto i = static_cast<std::size_t>(known);
  const std::int64_t epoch = known + (step - begins_[i]) / steps_[i];
  if (epoch != epoch_) {
    std::ranges::copy(rows_, order_.begin());
    nn::Random(seed_, nn::Purpose::order, static_cast<std::uint64_t>(epoch))
        .shuffle(std::span(order_));
    epoch_ = epoch;
  }
  const std::size_t size = batch_sizes_[i];
  const std::size_t begin = static_cast<std::size_t>((step - begins_[i]) % steps_[i]) * size;
  return std::span(order_).subspan(begin, std::min(size, order_.size() - begin));
}

}  // namespace anneal::datasets
