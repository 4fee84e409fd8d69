#include "datasets/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

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

Split split_fraction(std::size_t n, double validation, std::uint64_t seed) {
  if (!(validation >= 0.0 && validation < 1.0))
    fail("a validation fraction of " + std::to_string(validation) + "; wanted it in [0, 1)");
  return split(n, static_cast<std::size_t>(std::llround(validation * static_cast<double>(n))),
               seed);
}

}  // namespace anneal::datasets
