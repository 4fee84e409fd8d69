#include "apps/compare/statistics.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "tests/apps/normals.h"
#include "tests/close.h"

using namespace anneal::apps;

namespace {

using Numbers = std::vector<double>;

TEST_CASE("mean and deviation") {
  const Numbers x{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean_of(x) == 5.0);
  CHECK(deviation_of(x) == close(std::sqrt(32.0 / 7.0), 1e-15));
  CHECK(deviation_of(Numbers{3}) == 0.0);
}

TEST_CASE("Student's t: tables") {
  CHECK(t_quantile(0.975, 1) == close(12.7062047362, 1e-10));
  CHECK(t_quantile(0.975, 2) == close(4.30265272975, 1e-10));
  CHECK(t_quantile(0.975, 9) == close(2.26215716280, 1e-10));
  CHECK(t_quantile(0.995, 30) == close(2.74999565357, 1e-10));
  CHECK(t_quantile(0.025, 4) == close(-2.77644510520, 1e-10));
  CHECK(t_quantile(0.5, 7) == 0.0);
  CHECK(t_quantile(0.975, 1001) == close(t_quantile(0.975, 1000), 1e-5));  // another formula
  CHECK(t_quantile(0.975, 1'000'000'000) == close(1.95996398454, 1e-8));
}

TEST_CASE("Student's interval: Darwin's maize, and the edges") {
  // Fisher 1935, section 17: mean 20.93, standard error 9.746, t 2.145 with 14 degrees of freedom.
  const Numbers eighths{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  const Interval around = t_interval(eighths);
  CHECK(around.low == close(20.9333 - 2.14479 * 9.7453, 0.0).or_within(1e-3));
  CHECK(around.high == close(20.9333 + 2.14479 * 9.7453, 1e-4));
  CHECK(t_interval(Numbers{3, 3, 3}) == Interval{3, 3});
  CHECK(std::isinf(t_interval(Numbers{3}).high));
}

TEST_CASE("an interval of 95 % covers 95 % at every number of seeds") {
  std::mt19937_64 random(2);
  constexpr int repetitions = 4000;
  for (const std::size_t n : {2UL, 3UL, 5UL, 9UL, 10UL, 16UL, 17UL, 20UL, 21UL, 25UL, 40UL}) {
    CAPTURE(n);
    int of_normal = 0;
    int of_even = 0;  // differences of two that are skewed alike
    for (int i = 0; i < repetitions; ++i) {
      const Numbers x = normals(random, n);
      Numbers skewed = normals(random, n);
      for (std::size_t k = 0; k < n; ++k)
        skewed[k] = std::exp(0.5 * x[k]) - std::exp(0.5 * skewed[k]);
      const Interval around = t_interval(x);
      const Interval around_even = t_interval(skewed);
      of_normal += around.low <= 0.0 && 0.0 <= around.high ? 1 : 0;
      of_even += around_even.low <= 0.0 && 0.0 <= around_even.high ? 1 : 0;
    }
    // Four deviations, 1.4 %; BCa is at 74 % for three, at 90 % for ten.
    CHECK(std::abs(of_normal / static_cast<double>(repetitions) - 0.95) < 0.014);
    CHECK(of_even / static_cast<double>(repetitions) > 0.936);
    CHECK(of_even / static_cast<double>(repetitions) < 0.975);
  }
}

TEST_CASE("mean ranks: ties share, failures come last") {
  const double failed = std::nan("");
  const std::vector<Numbers> scores{{0.1, 0.3}, {0.2, 0.3}, {failed, 0.1}, {failed, 0.9}};
  CHECK(mean_ranks(scores) ==
        Numbers{(1.0 + 2.5) / 2, (2.0 + 2.5) / 2, (3.5 + 1.0) / 2, (3.5 + 4.0) / 2});
}

std::vector<std::vector<bool>> differing(std::size_t n,
                                         const std::vector<std::pair<int, int>>& pairs) {
  std::vector<std::vector<bool>> table(n, std::vector<bool>(n, false));
  for (const auto& [a, b] : pairs) {
    table[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)] = true;
    table[static_cast<std::size_t>(b)][static_cast<std::size_t>(a)] = true;
  }
  return table;
}

TEST_CASE("letters") {
  using Letters = std::vector<std::string>;
  CHECK(letters(differing(3, {})) == Letters{"a", "a", "a"});
  CHECK(letters(differing(3, {{0, 1}, {0, 2}, {1, 2}})) == Letters{"a", "b", "c"});
  CHECK(letters(differing(3, {{0, 2}})) == Letters{"a", "ab", "b"});
  CHECK(letters(differing(4, {{0, 2}, {0, 3}, {1, 3}})) == Letters{"a", "ab", "bc", "c"});
}

TEST_CASE("letters: two share one exactly when they cannot be told apart") {
  std::mt19937_64 random(4);
  for (int repetition = 0; repetition < 200; ++repetition) {
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < 9; ++i)
      for (int j = i + 1; j < 9; ++j)
        if (random() % 3 == 0) pairs.emplace_back(i, j);
    const auto table = differing(9, pairs);
    const auto given = letters(table);
    for (std::size_t i = 0; i < 9; ++i)
      for (std::size_t j = 0; j < 9; ++j)
        CHECK((given[i].find_first_of(given[j]) != std::string::npos) == (i == j || !table[i][j]));
  }
}

TEST_CASE("letters: too many of them are not given, and a thousand contestants take no time") {
  std::vector<std::pair<int, int>> pairs;  // of two in each of eight threes, any choice is a letter
  for (int i = 0; i < 24; i += 3)
    for (const auto& [a, b] : {std::pair{0, 1}, {0, 2}, {1, 2}}) pairs.emplace_back(i + a, i + b);
  CHECK(letters(differing(24, pairs)) == std::vector<std::string>(24));
  pairs.clear();
  for (int i = 0; i < 500; ++i)
    for (int j = 500; j < 1000; ++j) pairs.emplace_back(i, j);
  const auto given = letters(differing(1000, pairs));
  CHECK(given.front() == "a");
  CHECK(given.back() == "b");
}

TEST_CASE("pairs needed") {
  // (1.95996 + 0.84162)^2 = 7.8489; 1.95996^2 / 2 = 1.9207
  CHECK(pairs_needed(0.1, 0.1, 0.05) == close(7.8489 + 1.9207, 1e-5));
  CHECK(pairs_needed(0.1, 0.12, 0.05) == close(7.8489 * 1.44 + 1.9207, 1e-5));
  // (2.57583 + 0.84162)^2 = 11.6790; 2.57583^2 / 2 = 3.3174
  CHECK(pairs_needed(0.1, 0.1, 0.01) == close(11.6790 + 3.3174, 1e-5));
  CHECK(std::isinf(pairs_needed(0.0, 0.1, 0.05)));
}

}  // namespace
