#include "datasets/split.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

using namespace anneal::datasets;

TEST_CASE("a split shares nothing, loses nothing, and follows the seed") {
  const Split a = split(1000, 200, 1);
  CHECK(a.validation.size() == 200);
  std::vector<std::uint32_t> all = a.training;
  all.insert(all.end(), a.validation.begin(), a.validation.end());
  std::ranges::sort(all);
  for (std::uint32_t i = 0; i < 1000; ++i) CHECK(all[i] == i);
  CHECK(split(1000, 200, 1).validation == a.validation);
  CHECK(split(1000, 200, 2).validation != a.validation);
  CHECK(split(10, 0, 1).training.size() == 10);
}

TEST_CASE("a fraction is that of whole examples") {
  CHECK(split_fraction(100, 0.29, 1).validation == split(100, 29, 1).validation);
  CHECK(split_fraction(10, 0.0, 1).validation.empty());
}

TEST_CASE("a split that does not fit is refused with the numbers") {
  CHECK_THROWS_WITH(split(10, 10, 1),
                    "a validation set of 10 leaves nothing of 10 examples to train on");
  CHECK_THROWS_WITH(split(0, 0, 1),
                    "a validation set of 0 leaves nothing of 0 examples to train on");
  CHECK_THROWS_WITH(split_fraction(10, 0.99, 1),
                    "a validation set of 10 leaves nothing of 10 examples to train on");
  CHECK_THROWS_WITH(split_fraction(10, 1.0, 1),
                    "a validation fraction of 1.000000; wanted it in [0, 1)");
  CHECK_THROWS_WITH(split_fraction(10, -0.1, 1),
                    "a validation fraction of -0.100000; wanted it in [0, 1)");
  CHECK_THROWS_WITH(split_fraction(10, std::numeric_limits<double>::quiet_NaN(), 1),
                    "a validation fraction of nan; wanted it in [0, 1)");
}
