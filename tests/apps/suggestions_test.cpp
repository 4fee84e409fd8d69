#include "apps/find_lr/suggestions.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tests/apps/range_curve.h"

using namespace anneal::apps;

namespace {

Curve of(std::vector<double> losses) {
  Curve c = curve(static_cast<int>(losses.size()), [](double) { return 0.0; });
  c.losses = std::move(losses);
  return c;
}

}  // namespace

TEST_CASE("steepest: where a sigmoid over log rate has its inflexion") {
  // In steps of a tenth of a decade the fall is greatest to both sides of 1e-2: the first counts.
  const Curve c = curve(51, [](double x) { return -std::tanh(x + 2.05); });
  CHECK(c.rates[steepest(c)] == doctest::Approx(std::pow(10.0, -2.1)));
  // The slope is against the logarithm: equal falls over unequal steps are not equally steep.
  const Curve uneven{{1e-3, 1e-2, 2e-2, 1e-1}, {3.0, 2.0, 1.0, 0.0}};
  CHECK(steepest(uneven) == 1);
}

TEST_CASE("minimum: where a parabola is lowest, the first time") {
  const Curve c = curve(51, [](double x) { return (x + 1.0) * (x + 1.0); });
  CHECK(c.rates[minimum(c)] == doctest::Approx(0.1));
  CHECK(minimum(of({3, 1, 2, 1})) == 1);
  CHECK(rules[1].factor == 0.1);
}

TEST_CASE("valley: by the longest falling subsequence") {
  // Falls from 0 to 30, then rises. L = 31 ends at 30: 30 - 31 + 10 + 5.
  const Curve v = curve(51, [](double x) { return std::abs(x + 1.0); });
  CHECK(valley(v) == 14);
  // The longest, of 6, is 9 8 7 6 5 4 and leaves the peaks out; it ends at 10: 10 - 6 + 2 + 1.
  CHECK(valley(of({9, 20, 8, 20, 7, 20, 6, 20, 5, 20, 4, 30})) == 7);
  // Equal losses do not fall: 3 2 1 is the longest, ends at 6: 6 - 3 + 1 + 0.
  CHECK(valley(of({3, 3, 3, 2, 2, 2, 1, 1})) == 4);
  CHECK(valley(of({1, 2, 3})) == 0);
  CHECK(valley(of({5})) == 0);
}

TEST_CASE("valley agrees with the definition, tried in all ways, on noisy curves") {
  std::uint32_t state = 1;
  for (int round = 0; round < 50; ++round) {
    std::vector<double> losses;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525U + 1013904223U;
      losses.push_back(60.0 - i + static_cast<double>(state >> 27U));
    }
    std::vector<std::size_t> length(losses.size(), 1);  // of the longest that ends here
    std::size_t end = 0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (losses[i] < losses[j]) length[i] = std::max(length[i], length[j] + 1);
      if (length[i] > length[end]) end = i;
    }
    const std::size_t l = length[end];
    CHECK(valley(of(losses)) == end - std::min(end, l - l / 3 - l / 6));
  }
}

TEST_CASE("slide: before the slope begins to change") {
  // Level up to 50, then steeper with every update. The ends of the interval of 15 differ as long
  // as the right one is at 50 or beyond.
  std::vector<double> losses(100, 60.0);
  for (std::size_t i = 51; i < 100; ++i)
    losses[i] = 60.0 - 0.05 * static_cast<double>((i - 50) * (i - 50));
  CHECK(slide(of(losses), 100) == 35);
  // It stops at the first interval of one slope, here from 61 to 76, though the curve goes on to
  // change before it.
  for (std::size_t i = 58; i < 78; ++i) losses[i] = losses[57] - static_cast<double>(i - 57);
  for (std::size_t i = 78; i < 100; ++i)
    losses[i] = losses[77] + 0.05 * static_cast<double>((i - 77) * (i - 77));
  CHECK(slide(of(losses), 100) == 62);
  // Where the slope is the same from the first place on, that is the suggestion.
  CHECK(slide(curve(100, [](double x) { return -x; }), 100) == 84);
  CHECK(slide(of({3, 2, 1}), 100) == 0);  // too short for an interval
}

TEST_CASE("slide does not depend on how fine the test is") {
  const auto test = [](int updates) {
    Curve c;
    for (int i = 0; i < updates; ++i) {
      const double x = -4.0 + 5.0 * i / (updates - 1);
      c.rates.push_back(std::pow(10.0, x));
      c.losses.push_back(usual(x));
    }
    return c.rates[slide(c, static_cast<std::size_t>(updates))];
  };
  CHECK(std::log10(test(1000)) == doctest::Approx(std::log10(test(100))).epsilon(0.05));
}

TEST_CASE("the rules see neither the first tenth nor the last five values") {
  Curve c = curve(51, usual);
  const auto before = suggestions(c, 51);
  for (std::size_t i = 0; i < 5; ++i) c.losses[i] = i % 2 == 0 ? -100.0 : 100.0;
  for (std::size_t i = 46; i < 51; ++i) c.losses[i] = -200.0;
  const auto after = suggestions(c, 51);
  for (std::size_t r = 0; r < rule_count; ++r) CHECK(after[r].rate == before[r].rate);
  CHECK(before[0].rate == doctest::Approx(std::pow(10.0, -2.1)).epsilon(0.3));
  CHECK(before[1].rate == doctest::Approx(0.1));
  CHECK(before[1].at == 40);
  CHECK_THROWS_WITH_AS(suggestions({}, 10),
                       "a range test has as many rates as losses, and some of them; got 0 and 0",
                       std::invalid_argument);
}
