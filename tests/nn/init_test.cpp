#include "nn/init.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace anneal::nn;

namespace {

struct Moments {
  double mean, variance, largest;
};

Moments moments(const Tensor& t) {
  const auto x = t.array().cast<double>();
  return {x.mean(), (x - x.mean()).square().mean(), x.abs().maxCoeff()};
}

void check(const Tensor& t, double variance, double bound) {
  const auto n = static_cast<double>(t.size());
  const Moments m = moments(t);
  CHECK(std::abs(m.mean) < 5 * std::sqrt(variance / n));
  CHECK(std::abs(m.variance / variance - 1) < 5 * std::sqrt(2 / n));
  if (bound > 0) {
    CHECK(m.largest <= bound);
    CHECK(m.largest > 0.99 * bound);
  } else {
    CHECK(m.largest > 3 * std::sqrt(variance));  // a normal has no bound
  }
}

}  // namespace

TEST_CASE("initialisers have the variance and the bound that their papers give") {
  Tensor t(Shape{300, 100});
  Random random(1, Purpose::weights);
  init::torch_default(t, 300, random);
  check(t, 1.0 / 900, 1 / std::sqrt(300.0));
  init::kaiming(t, init::Distribution::uniform, random);
  check(t, 2.0 / 300, std::sqrt(6.0 / 300));
  init::kaiming(t, init::Distribution::normal, random);
  check(t, 2.0 / 300, 0);
  init::xavier(t, init::Distribution::uniform, random);
  check(t, 2.0 / 400, std::sqrt(6.0 / 400));
  init::xavier(t, init::Distribution::normal, random, 2.0);
  check(t, 8.0 / 400, 0);
  init::zeros(t);
  CHECK(moments(t).largest == 0);
}

TEST_CASE("an initialiser that needs two extents says so") {
  Tensor t(Shape{3});
  Random random(1, Purpose::weights);
  CHECK_THROWS_WITH(init::kaiming(t, init::Distribution::normal, random),
                    "kaiming: (3); wanted (fan_in, fan_out)");
  CHECK_THROWS_WITH(init::xavier(t, init::Distribution::uniform, random),
                    "xavier: (3); wanted (fan_in, fan_out)");
}
