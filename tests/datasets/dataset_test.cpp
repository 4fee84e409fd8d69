#include "datasets/dataset.h"

#include <doctest/doctest.h>

#include "../allocations.h"
#include "tests/close.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

Dataset tiny() {
  Dataset d;
  d.name = "tiny";
  d.sample_shape = nn::Shape{1, 2};
  d.classes = 3;
  d.bytes = {0, 255, 10, 20, 30, 40};
  d.labels = {0, 1, 2};
  return d;
}

}  // namespace

TEST_CASE("gather takes the rows that were asked for, normalised") {
  nn::Tensor x;
  std::vector<int> labels;
  const std::vector<std::uint32_t> rows{2, 0, 2};
  gather(tiny(), {.scale = 2, .shift = 1}, rows, x, labels);
  CHECK(x.shape() == nn::Shape{3, 2});
  CHECK(x(0, 0) == 61);
  CHECK(x(1, 1) == 511);
  CHECK(x(2, 1) == 81);
  CHECK(labels == std::vector<int>{2, 0, 2});
}

TEST_CASE("gather takes features that are not bytes as well") {
  Dataset d = tiny();
  d.bytes = {};
  d.numbers = {0.5F, 1, 2, 3, 4, 5};
  nn::Tensor x;
  std::vector<int> labels;
  gather(d, {.scale = 2, .shift = 1}, std::vector<std::uint32_t>{1, 0}, x, labels);
  CHECK(x(0, 1) == 7);
  CHECK(x(1, 0) == 2);
  CHECK(labels == std::vector<int>{1, 0});
}

TEST_CASE("gather allocates nothing once it has seen the largest batch") {
  nn::Tensor x;
  std::vector<int> labels;
  const Dataset d = tiny();
  const std::vector<std::uint32_t> rows(500, 1);
  gather(d, {}, rows, x, labels);
  const long before = allocations::count;
  for (std::size_t n = 1; n <= rows.size(); ++n) gather(d, {}, std::span(rows).first(n), x, labels);
  CHECK(allocations::count == before);
}

TEST_CASE("gather refuses a row that is not there") {
  nn::Tensor x;
  std::vector<int> labels;
  CHECK_THROWS_WITH(gather(tiny(), {}, std::vector<std::uint32_t>{0, 3}, x, labels),
                    "tiny: there is no example 3; they are 0 to 2");
}

TEST_CASE("gather refuses a dataset whose features are not there") {
  nn::Tensor x;
  std::vector<int> labels;
  Dataset d = tiny();
  d.bytes.clear();
  CHECK_THROWS_WITH(gather(d, {}, std::vector<std::uint32_t>{0}, x, labels),
                    "tiny: 3 labels, but 0 features; wanted 2 for each");
}

TEST_CASE("standardize brings all features together to mean 0 and variance 1") {
  const Dataset d = tiny();
  nn::Tensor x;
  std::vector<int> labels;
  gather(d, standardize(d), std::vector<std::uint32_t>{0, 1, 2}, x, labels);
  CHECK(static_cast<double>(x.array().mean()) == close(0, 0).or_within(1e-6));
  CHECK(static_cast<double>(x.array().square().mean()) == close(1, 1e-6));
  gather(d, unit_interval(d), std::vector<std::uint32_t>{0}, x, labels);
  CHECK(x(0, 1) == 1);
}

TEST_CASE("labels and features that do not agree are refused with the numbers") {
  Dataset d = tiny();
  d.labels.push_back(0);
  CHECK_THROWS_WITH(d.check(), "tiny: 4 labels, but 6 features; wanted 2 for each");
  d = tiny();
  d.labels[1] = 3;
  CHECK_THROWS_WITH(d.check(), "tiny: label 3 of example 1 is not in [0, 3)");
}
