// The tests of compare: counted by hand, and as often wrong as they say, at any number of seeds.
#include "apps/compare/sign_flips.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/statistics.h"
#include "tests/apps/normals.h"
#include "tests/sanitized.h"

using namespace anneal::apps;

namespace {

using Numbers = std::vector<double>;

constexpr std::size_t sizes[] = {3, 5, 9, 10, 16, 17, 20, 21, 25, 40};

/// So many of `repetitions` are within four deviations of what is expected at `rate`: with the
/// thirty that are checked here, one falls outside once in five hundred.
bool is_within(int found, int repetitions, double rate) {
  const double expected = rate * repetitions;
  return std::abs(found - expected) <= 4.0 * std::sqrt(expected * (1.0 - rate));
}

/// The greatest p that n pairs can give and that is 5 % or less.
double level_at(std::size_t n) {
  const double least = least_sign_flip_p(static_cast<std::int64_t>(n));
  return least > 0.05 ? 0.0 : std::floor(0.05 / least + 1e-9) * least;
}

/// Differences of all pairs.
std::vector<Numbers> rows_of(const std::vector<Numbers>& scores) {
  std::vector<Numbers> rows;
  for (std::size_t a = 0; a < scores.size(); ++a)
    for (std::size_t b = a + 1; b < scores.size(); ++b) {
      rows.emplace_back();
      for (std::size_t k = 0; k < scores[a].size(); ++k)
        rows.back().push_back(scores[a][k] - scores[b][k]);
    }
  return rows;
}

/// The same p by flipping signs one by one, as slowly as it is written down.
Numbers slow_joint(const std::vector<Numbers>& rows) {
  const std::size_t n = rows[0].size();
  const auto statistic = [&](const Numbers& row, std::size_t set) {
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += (set >> i & 1U) != 0 ? -row[i] : row[i];
      squares += row[i] * row[i];
    }
    return sum * sum / squares;
  };
  Numbers p(rows.size(), 0.0);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    // Step-down: the largest over all steps from the top, of the rows that are not above.
    for (const Numbers& above : rows) {
      const double limit = statistic(above, 0);
      if (limit < statistic(rows[r], 0)) continue;
      double as_far = 0.0;
      for (std::size_t set = 0; set < std::size_t{1} << n; ++set) {
        double largest = 0.0;
        for (const Numbers& row : rows)
          if (statistic(row, 0) <= limit) largest = std::max(largest, statistic(row, set));
        as_far += largest >= limit * (1.0 - 1e-12) ? 1.0 : 0.0;
      }
      p[r] = std::max(p[r], as_far / std::exp2(static_cast<double>(n)));
    }
  }
  return p;
}

TEST_CASE("sign-flip: small cases counted by hand") {
  CHECK(sign_flip_p(Numbers{}) == 1.0);
  CHECK(sign_flip_p(Numbers{1}) == 1.0);
  CHECK(sign_flip_p(Numbers{1, 2, 3}) == 0.25);       // +++ and ---
  CHECK(sign_flip_p(Numbers{-1, 2, 3}) == 0.5);       // 4: also +++ (6), and the four negated
  CHECK(sign_flip_p(Numbers{1, 1, 1, -1}) == 0.625);  // 2: 1 + 4 of each sign, of 16
  CHECK(sign_flip_p(Numbers{0, 0, 0}) == 1.0);
  // 0.1 + 0.2 - 0.3 is not 0 in floating point, and must count as if it were.
  CHECK(sign_flip_p(Numbers{0.1, 0.2, -0.3}) == 1.0);
  CHECK(sign_flip_p(Numbers{1e-200, 2e-200, 3e-200}) == 0.25);
  CHECK(sign_flip_p(Numbers{1e99, 2e99, 3e99}) == 0.25);
}

TEST_CASE("sign-flip: Darwin's 15 pairs of maize, as Fisher counted them") {
  // Fisher 1935, section 21: of 32768 sets of signs 863 give a sum of 314 or more.
  const Numbers eighths{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  CHECK(sign_flip_p(eighths) == 2.0 * 863.0 / 32768.0);
}

TEST_CASE("sign-flip: no p is below the floor, and all of one sign reach it") {
  for (std::size_t n = 1; n <= 21; ++n) {
    const Numbers same(n, 0.3);
    CHECK(sign_flip_p(same) == least_sign_flip_p(static_cast<std::int64_t>(n)));
  }
  CHECK(least_sign_flip_p(5) > 0.05);
  CHECK(least_sign_flip_p(6) < 0.05);
}

TEST_CASE("sign-flip: where signs are sampled, p is that of the normal, and the sets differ") {
  if (anneal::figures_are_skipped()) return;
  std::mt19937_64 random(1);
  for (const std::size_t n : {22UL, 40UL, 63UL, 64UL, 65UL, 100UL, 200UL}) {
    CAPTURE(n);
    Numbers x = normals(random, n);
    const double shift = mean_of(x);
    for (double& v : x) v -= shift;
    for (const double t : {0.3, 1.0, 2.0}) {  // so far from 0, in units of the sum's deviation
      double squares = 0.0;
      for (const double v : x) squares += v * v;
      Numbers moved = x;
      const double by = t * std::sqrt(squares) / static_cast<double>(n);
      for (double& v : moved) v += by;
      double moved_squares = 0.0;
      for (const double v : moved) moved_squares += v * v;
      const double z = by * static_cast<double>(n) / std::sqrt(moved_squares);
      const double expected = std::erfc(z / std::sqrt(2.0));
      const double p = sign_flip_p(moved);
      CHECK(std::abs(p - expected) < 0.02);
      CHECK(p == sign_flip_p(moved));
      CHECK(std::abs(sign_flip_p(moved, 1) - p) < 6.0 * std::sqrt(p / 1e6));
    }
  }
}

TEST_CASE("sign-flip: a null is rejected as often as it says at every number of pairs") {
  std::mt19937_64 random(2);
  constexpr int repetitions = 1000;
  for (const std::size_t n : sizes) {
    CAPTURE(n);
    int rejected = 0;
    int seen = 0;
    for (int r = 0; r < repetitions; ++r) {
      // The joint test of one row, with few sets: what sign_flip_p() is, sooner.
      std::vector<Numbers> row{normals(random, n)};
      const auto seed = static_cast<std::uint64_t>(r);
      rejected += joint_sign_flip(row, seed, 2048).p[0] <= 0.05 ? 1 : 0;
      for (double& v : row[0]) v += 2.0;
      seen += joint_sign_flip(row, seed, 2048).p[0] <= 0.05 ? 1 : 0;
    }
    CAPTURE(rejected);
    CHECK(is_within(rejected, repetitions, level_at(n)));
    if (n < 6) CHECK(seen == 0);
    if (n >= 9) CHECK(seen > 0.99 * repetitions);
  }
}

TEST_CASE("joint sign-flip: as one counts by hand") {
  std::mt19937_64 random(3);
  for (const std::size_t n : {3UL, 6UL, 7UL}) {
    std::vector<Numbers> scores;
    for (int i = 0; i < 4; ++i) {
      scores.push_back(normals(random, n));
      for (double& v : scores.back()) v += 1.5 * i;
    }
    const std::vector<Numbers> rows = rows_of(scores);
    CHECK(joint_sign_flip(rows).p == slow_joint(rows));
  }
}

TEST_CASE("joint sign-flip: one row is a sign-flip test; more rows never make it easier") {
  std::mt19937_64 random(5);
  std::vector<Numbers> rows;
  for (int r = 0; r < 6; ++r) {
    rows.push_back(normals(random, 8));
    for (double& v : rows.back()) v += 0.4 * r;
    CHECK(joint_sign_flip(std::span(&rows.back(), 1)).p[0] == sign_flip_p(rows.back()));
  }
  const Numbers joint = joint_sign_flip(rows).p;
  for (std::size_t r = 0; r < rows.size(); ++r) CHECK(joint[r] >= sign_flip_p(rows[r]));
  CHECK(joint_sign_flip(std::vector<Numbers>(36, Numbers(10, 0.5))).p ==
        Numbers(36, least_sign_flip_p(10)));
  CHECK(joint_sign_flip(std::vector<Numbers>{Numbers(5, 0.0)}).p[0] == 1.0);
  CHECK(joint_sign_flip({}).p.empty());
}

TEST_CASE("joint sign-flip: of nine that are alike, two are told apart once in twenty at most") {
  if (anneal::figures_are_skipped()) return;
  std::mt19937_64 random(6);
  constexpr int repetitions = 400;
  for (const std::size_t n : sizes) {
    CAPTURE(n);
    int found = 0;
    int seen = 0;
    for (int r = 0; r < repetitions; ++r) {
      std::vector<Numbers> scores(9);
      for (Numbers& s : scores) s = normals(random, n);
      const auto seed = static_cast<std::uint64_t>(r);
      found += std::ranges::min(joint_sign_flip(rows_of(scores), seed, 512).p) <= 0.05 ? 1 : 0;
      if (r >= 40) continue;
      for (double& v : scores[8]) v += 6.0;  // from whom all the others differ
      const Numbers p = joint_sign_flip(rows_of(scores), seed, 512).p;
      seen += p[7] <= 0.05 ? 1 : 0;
    }
    CAPTURE(found);
    CHECK(found <= 0.05 * repetitions + 4.0 * std::sqrt(0.05 * 0.95 * repetitions));
    if (n < 6) CHECK(found == 0);
    if (n >= 9) CHECK(found > 0.01 * repetitions);  // nor is it idle
    if (n >= 9) CHECK(seen >= 38);
  }
}

TEST_CASE(
    "joint sign-flip: those that are alike are told apart no oftener beside those that differ") {
  std::mt19937_64 random(7);
  constexpr int repetitions = 400;
  int found = 0;
  for (int r = 0; r < repetitions; ++r) {
    std::vector<Numbers> scores(6);
    for (std::size_t i = 0; i < 6; ++i) {
      scores[i] = normals(random, 9);
      for (double& v : scores[i]) v += i < 3 ? 0.0 : 5.0;
    }
    const Numbers p = joint_sign_flip(rows_of(scores)).p;
    // Rows in the order 01 02 03 04 05 12 13 14 15 23 24 25 34 35 45.
    bool any = false;
    for (const std::size_t row : {0UL, 1UL, 5UL, 12UL, 13UL, 14UL}) any = any || p[row] <= 0.05;
    found += any ? 1 : 0;
  }
  CHECK(found <= 0.05 * repetitions + 4.0 * std::sqrt(0.05 * 0.95 * repetitions));
  CHECK(found > 0.01 * repetitions);  // step-down: single-step would find half as many
}

TEST_CASE("how finely a p is known is said") {
  if (anneal::figures_are_skipped()) return;
  const auto sets_of = [](std::size_t rounds, std::size_t rows = 1) {
    std::mt19937_64 random(8);
    return joint_sign_flip(std::vector<Numbers>(rows, normals(random, rounds))).sets;
  };
  CHECK(sets_of(10) == SignSets{512, true});
  CHECK(sets_of(17) == SignSets{65536, true});
  CHECK(sets_of(18) == SignSets{65536, false});
  CHECK(sets_of(18, 40'000) == SignSets{4473, false});  // 40,000 * 3 * sets <= 2^29
  CHECK(sampling_error(0.05, {512, true}) == 0.0);
  CHECK(sampling_error(0.05, {65536, false}) == doctest::Approx(0.00085).epsilon(0.01));
}

}  // namespace
