#include "apps/compare/statistics.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace anneal::apps;
using doctest::Approx;

namespace {

using Numbers = std::vector<double>;

/// Independent standard normals.
Numbers normals(std::mt19937_64& random, std::size_t n) {
  std::normal_distribution<double> normal;
  Numbers x(n);
  for (double& v : x) v = normal(random);
  return x;
}

TEST_CASE("mean and deviation") {
  const Numbers x{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(mean_of(x) == 5.0);
  CHECK(deviation_of(x) == Approx(std::sqrt(32.0 / 7.0)).epsilon(1e-15));
  CHECK(deviation_of(Numbers{3}) == 0.0);
}

TEST_CASE("sign-flip: small cases counted by hand") {
  CHECK(sign_flip_p(Numbers{1}) == 1.0);
  CHECK(sign_flip_p(Numbers{1, 2, 3}) == 0.25);       // +++ and ---
  CHECK(sign_flip_p(Numbers{-1, 2, 3}) == 0.5);       // 4: also +++ (6), and the four negated
  CHECK(sign_flip_p(Numbers{1, 1, 1, -1}) == 0.625);  // 2: 1 + 4 of each sign, of 16
  CHECK(sign_flip_p(Numbers{0, 0, 0}) == 1.0);
  // 0.1 + 0.2 - 0.3 is not 0 in floating point, and must count as if it were.
  CHECK(sign_flip_p(Numbers{0.1, 0.2, -0.3}) == 1.0);
}

TEST_CASE("sign-flip: Darwin's 15 pairs of maize, as Fisher counted them") {
  // Fisher 1935, section 21: of 32768 sets of signs 863 give a sum of 314 or more.
  const Numbers eighths{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  CHECK(sign_flip_p(eighths) == 2.0 * 863.0 / 32768.0);
}

TEST_CASE("sign-flip: no p is below the floor, and all of one sign reach it") {
  for (std::size_t n = 1; n <= 12; ++n) {
    const Numbers same(n, 0.3);
    CHECK(sign_flip_p(same) == least_sign_flip_p(static_cast<std::int64_t>(n)));
  }
  CHECK(least_sign_flip_p(5) > 0.05);
  CHECK(least_sign_flip_p(9) * 8 < 0.05);  // Holm over eight
  CHECK(least_sign_flip_p(8) * 8 > 0.03);
}

TEST_CASE("joint sign-flip: one row is a sign-flip test; more rows never make it easier") {
  std::mt19937_64 random(5);
  std::vector<Numbers> rows;
  for (int r = 0; r < 6; ++r) {
    rows.push_back(normals(random, 8));
    for (double& v : rows.back()) v += 0.4 * r;
    CHECK(joint_sign_flip_p(std::span(&rows.back(), 1))[0] == sign_flip_p(rows.back()));
  }
  const Numbers joint = joint_sign_flip_p(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) CHECK(joint[r] >= sign_flip_p(rows[r]));
  CHECK(joint_sign_flip_p(std::vector<Numbers>(36, Numbers(10, 0.5))) ==
        Numbers(36, least_sign_flip_p(10)));
  CHECK(joint_sign_flip_p(std::vector<Numbers>{Numbers(5, 0.0)})[0] == 1.0);
}

TEST_CASE(
    "joint sign-flip: with no differences at all, one or more of 36 is found 5 % of the time") {
  std::mt19937_64 random(6);
  const int repetitions = 400;
  int found = 0;
  for (int i = 0; i < repetitions; ++i) {
    std::vector<Numbers> scores(9);
    for (Numbers& s : scores) s = normals(random, 8);
    std::vector<Numbers> rows;
    for (std::size_t a = 0; a < 9; ++a)
      for (std::size_t b = a + 1; b < 9; ++b) {
        rows.emplace_back();
        for (std::size_t k = 0; k < 8; ++k) rows.back().push_back(scores[a][k] - scores[b][k]);
      }
    const Numbers p = joint_sign_flip_p(rows);
    if (std::ranges::min(p) <= 0.05) ++found;
  }
  CHECK(found <= 0.05 * repetitions + 3 * std::sqrt(0.05 * 0.95 * repetitions));
}

TEST_CASE("sign-flip: many pairs are sampled, and agree with the normal") {
  std::mt19937_64 random(1);
  Numbers x = normals(random, 100);
  for (double& v : x) v += 0.2;
  double squares = 0.0;
  for (const double v : x) squares += v * v;
  const double z = mean_of(x) * 100.0 / std::sqrt(squares);
  CHECK(sign_flip_p(x) == Approx(std::erfc(z / std::sqrt(2.0))).epsilon(0.05));
  CHECK(sign_flip_p(x) == sign_flip_p(x));
}

TEST_CASE("Holm: R's p.adjust") {
  const Numbers adjusted = holm(Numbers{0.01, 0.04, 0.03, 0.005});
  const Numbers expected{0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < 4; ++i) CHECK(adjusted[i] == Approx(expected[i]).epsilon(1e-15));
  CHECK(holm(Numbers{0.7, 0.8}) == Numbers{1.0, 1.0});
  CHECK(holm({}).empty());
}

TEST_CASE("the bootstrap's interval covers as often as it says") {
  std::mt19937_64 random(2);
  int normal_covered = 0;
  int skewed_covered = 0;
  constexpr int repetitions = 1000;
  for (int i = 0; i < repetitions; ++i) {
    const Numbers x = normals(random, 20);
    const Interval around = bca_interval(x, 0.95, 1000);
    normal_covered += around.low <= 0.0 && 0.0 <= around.high ? 1 : 0;
    Numbers skewed = x;
    for (double& v : skewed) v = std::exp(v);
    const Interval of_skewed = bca_interval(skewed, 0.95, 1000);
    const double truth = std::exp(0.5);
    skewed_covered += of_skewed.low <= truth && truth <= of_skewed.high ? 1 : 0;
  }
  // At twenty values the bootstrap is a little short of what it says, for skewed ones more.
  CHECK(normal_covered > 0.90 * repetitions);
  CHECK(normal_covered < 0.97 * repetitions);
  CHECK(skewed_covered > 0.82 * repetitions);
}

TEST_CASE("the bootstrap's interval leans to where the values are skewed") {
  const Numbers skewed{0, 0, 0, 1, 1, 1, 1, 2, 2, 12};
  const Interval around = bca_interval(skewed);
  const double mean = mean_of(skewed);
  CHECK(around.high - mean > 1.5 * (mean - around.low));
  CHECK(around == bca_interval(skewed));  // the same each time
  Numbers mirrored = skewed;
  for (double& v : mirrored) v = -v;
  CHECK(bca_interval(mirrored).low == Approx(-around.high).epsilon(0.02));
  CHECK(bca_interval(Numbers{3, 3, 3}) == Interval{3, 3});
}

TEST_CASE("a null is rejected as often as it should be") {
  // Identical schedules under nine names: their differences from the first are noise alone.
  std::mt19937_64 random(3);
  constexpr int repetitions = 2000;
  int rejected = 0;
  int any_of_eight = 0;
  for (int i = 0; i < repetitions; ++i) {
    const Numbers baseline = normals(random, 10);
    Numbers p;
    for (int other = 0; other < 8; ++other) {
      Numbers differences = normals(random, 10);
      for (std::size_t k = 0; k < 10; ++k) differences[k] -= baseline[k];
      p.push_back(sign_flip_p(differences));
    }
    rejected += p[0] <= 0.05 ? 1 : 0;
    const Numbers adjusted = holm(p);
    any_of_eight += std::ranges::any_of(adjusted, [](double q) { return q <= 0.05; }) ? 1 : 0;
  }
  // Three deviations above 5 % of the repetitions.
  const double most = 0.05 * repetitions + 3.0 * std::sqrt(0.05 * 0.95 * repetitions);
  CHECK(rejected <= most);
  CHECK(rejected > 0.03 * repetitions);
  CHECK(any_of_eight <= most);
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

TEST_CASE("pairs needed") {
  // (1.95996 + 0.84162)^2 = 7.8489
  CHECK(pairs_needed(0.1, 0.1) == Approx(9.8489).epsilon(1e-5));
  CHECK(pairs_needed(0.1, 0.12) == Approx(7.8489 * 1.44 + 2.0).epsilon(1e-5));
  CHECK(std::isinf(pairs_needed(0.0, 0.1)));
}

}  // namespace
