#include "datasets/batches.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "../allocations.h"

using namespace anneal::datasets;

namespace {

std::vector<std::uint32_t> rows(std::uint32_t n) {
  std::vector<std::uint32_t> all(n);
  std::iota(all.begin(), all.end(), 100U);
  return all;
}

std::vector<std::uint32_t> epoch(Batches& batches, std::int64_t e) {
  std::vector<std::uint32_t> seen;
  for (std::int64_t i = 0; i < batches.steps_per_epoch(); ++i) {
    const auto batch = batches.at(e * batches.steps_per_epoch() + i);
    seen.insert(seen.end(), batch.begin(), batch.end());
  }
  return seen;
}

std::vector<std::uint32_t> sorted(std::vector<std::uint32_t> v) {
  std::ranges::sort(v);
  return v;
}

}  // namespace

TEST_CASE("an epoch shows each example once, and every epoch and seed has an order of its own") {
  Batches batches(rows(103), 10, 1);
  CHECK(batches.steps_per_epoch() == 11);
  CHECK(batches.at(10).size() == 3);
  const auto first = epoch(batches, 0);
  CHECK(sorted(first) == rows(103));
  CHECK(sorted(epoch(batches, 1)) == rows(103));
  CHECK(first != rows(103));
  CHECK(epoch(batches, 1) != first);
  Batches other(rows(103), 10, 2);
  CHECK(epoch(other, 0) != first);
}

TEST_CASE("the last, smaller batch can be dropped") {
  Batches batches(rows(103), 10, 1, LastBatch::drop);
  CHECK(batches.steps_per_epoch() == 10);
  CHECK(epoch(batches, 0).size() == 100);
}

TEST_CASE("batches depend on the step alone: a resumed run sees what the uninterrupted one did") {
  Batches once(rows(50), 7, 3);
  std::vector<std::vector<std::uint32_t>> seen;
  for (std::int64_t step = 0; step < 40; ++step) {
    const auto batch = once.at(step);
    seen.emplace_back(batch.begin(), batch.end());
  }
  for (const std::int64_t step : {39, 17, 0, 23, 8}) {
    Batches resumed(rows(50), 7, 3);
    for (Batches* batches : {&resumed, &once}) {  // forwards from nothing, and back
      const auto batch = batches->at(step);
      CHECK(std::vector(batch.begin(), batch.end()) == seen[static_cast<std::size_t>(step)]);
    }
  }
}

TEST_CASE("after the first epoch, batches allocate nothing") {
  Batches batches(rows(1000), 10, 1);
  batches.at(0);
  const long before = allocations::count;
  for (std::int64_t step = 0; step < 5 * batches.steps_per_epoch(); ++step) batches.at(step);
  CHECK(allocations::count == before);
}

TEST_CASE("what makes no batch is refused") {
  CHECK_THROWS_WITH(Batches(rows(5), 0, 1), "a batch of 0 examples; wanted at least 1");
  CHECK_THROWS_WITH(Batches(rows(0), 5, 1), "0 examples make no batch of 5");
  CHECK_THROWS_WITH(Batches(rows(4), 5, 1, LastBatch::drop), "4 examples make no batch of 5");
}

TEST_CASE("each epoch can have a batch size of its own, and sees every example once") {
  std::vector<std::uint32_t> rows(10);
  std::iota(rows.begin(), rows.end(), 0U);
  Batches batches(rows, std::vector<std::size_t>{5, 4, 10}, 1);
  CHECK(batches.begin_of(1) == 2);
  CHECK(batches.begin_of(2) == 5);
  CHECK(batches.begin_of(3) == 6);
  CHECK(batches.begin_of(7) == 10);  // the last size goes on
  Batches uniform(rows, 5, 1);
  for (std::int64_t epoch = 0; epoch < 5; ++epoch) {
    std::vector<std::uint32_t> seen;
    for (std::int64_t step = batches.begin_of(epoch); step < batches.begin_of(epoch + 1); ++step)
      for (const std::uint32_t row : batches.at(step)) seen.push_back(row);
    std::vector<std::uint32_t> order;  // the size does not change it
    for (const std::int64_t step : {2 * epoch, 2 * epoch + 1})
      for (const std::uint32_t row : uniform.at(step)) order.push_back(row);
    CHECK(seen == order);
  }
}
