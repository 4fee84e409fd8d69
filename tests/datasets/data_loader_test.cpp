#include "datasets/data_loader.h"

#include <doctest/doctest.h>

#include "datasets/points.h"

using namespace anneal::datasets;

TEST_CASE("a loader gives the examples that Batches names, as tensors") {
  const Dataset data = moons(1, 50, 0);
  DataLoader loader(data, {.batch_size = 8, .seed = 3});
  std::vector<std::uint32_t> rows(50);
  for (std::uint32_t i = 0; i < 50; ++i) rows[i] = i;
  Batches batches(rows, 8, 3);
  CHECK(loader.steps_per_epoch() == 7);
  for (const std::int64_t step : {0, 6, 7, 20, 3}) {
    const auto named = batches.at(step);
    const auto& [inputs, labels] = loader.at(step);
    REQUIRE(labels.size() == named.size());
    CHECK(inputs.rows() == static_cast<anneal::nn::Index>(named.size()));
    for (std::size_t i = 0; i < named.size(); ++i) {
      CHECK(labels[i] == data.labels[named[i]]);
      CHECK(inputs(static_cast<anneal::nn::Index>(i), 1) == data.numbers[2 * named[i] + 1]);
    }
  }
  DataLoader some(data, {.batch_size = 4, .rows = {{5, 6, 7, 8, 9}}, .last = LastBatch::drop});
  CHECK(some.steps_per_epoch() == 1);
  CHECK_THROWS_WITH(DataLoader(data, {.rows = std::vector<std::uint32_t>{}}),
                    "0 examples make no batch of 64");
  for (const std::int64_t step : {0, 1, 2}) {
    for (const int label : some.at(step).labels) CHECK(label < 2);
    CHECK(some.at(step).labels.size() == 4);
  }
}

TEST_CASE("the whole of a set, in its order, normalised as told") {
  const Dataset data = moons(1, 20, 0);
  const auto [inputs, labels] = whole(data, Normalization{2.0F, 1.0F});
  REQUIRE(labels.size() == 20);
  for (anneal::nn::Index i = 0; i < 20; ++i) {
    CHECK(inputs(i, 0) == 2.0F * data.numbers[static_cast<std::size_t>(2 * i)] + 1.0F);
    CHECK(labels[static_cast<std::size_t>(i)] == data.labels[static_cast<std::size_t>(i)]);
  }
  Dataset bytes;
  bytes.sample_shape = {1};
  bytes.classes = 2;
  bytes.bytes = {0, 255};
  bytes.labels = {0, 1};
  CHECK(whole(bytes).inputs[1] == 1.0F);
}
