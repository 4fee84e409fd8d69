#include "nn/autograd/team_size.h"

#include <doctest/doctest.h>

#include <initializer_list>

using anneal::nn::TeamSize;

namespace {

/// Lets it choose for so many pieces, each of which takes what `seconds(threads, i)` says. Returns
/// the share of the time in which one thread worked.
template <class Seconds>
double share_of_one(TeamSize& team, int pieces, const Seconds& seconds) {
  double one = 0.0;
  double all = 0.0;
  for (int i = 0; i < pieces; ++i) {
    const int threads = team.next();
    const double s = seconds(threads, i);
    (threads == 1 ? one : all) += s;
    team.took(s);
  }
  return one / (one + all);
}

}  // namespace

TEST_CASE("a team has all threads, or one where that is faster") {
  for (const double ms : {0.1, 10.0, 500.0}) {
    CAPTURE(ms);
    TeamSize quick(1, 4);
    CHECK(quick.next() == 4);
    CHECK(share_of_one(quick, 20'000, [&](int threads, int) { return 1e-3 * ms / threads; }) <
          0.02);
    TeamSize disturbed(1, 4);
    CHECK(share_of_one(disturbed, 20'000, [&](int threads, int) { return 1e-3 * ms * threads; }) >
          0.97);
  }
}

TEST_CASE("a team of one asks for nothing else") {
  TeamSize team(1, 1);
  for (int i = 0; i < 1000; ++i) {
    CHECK(team.next() == 1);
    team.took(i);
  }
}

TEST_CASE("threads that get in each other's way do not for long") {
  TeamSize team(1, 2);
  share_of_one(team, 1000, [](int, int) { return 1e-3; });
  CHECK(team.next() == 2);  // equal: it stays
  // Both cores are wanted elsewhere, and two threads wait for each other a hundred times as long.
  const auto busy = [](int threads, int) { return threads == 2 ? 0.1 : 1e-3; };
  CHECK(share_of_one(team, 1000, busy) > 0.2);
  CHECK(share_of_one(team, 100'000, busy) > 0.97);
  const auto idle = [](int threads, int) { return threads == 2 ? 0.6e-3 : 1e-3; };
  share_of_one(team, 50'000, idle);  // the last look was expensive, and the next one is far
  CHECK(share_of_one(team, 100'000, idle) < 0.03);
}

TEST_CASE("single slow pieces do not change a team, unless they cost more than is won") {
  TeamSize team(1, 2);
  const auto both = [](int threads, int i) { return (i % 5 == 0 ? 5e-3 : 1e-3) / threads; };
  CHECK(share_of_one(team, 20'000, both) < 0.05);
  // Two are quicker, but for every thirtieth piece, for which the second waits for its core.
  TeamSize beside_another(1, 2);
  const auto seconds = [](int threads, int i) {
    return threads == 1 ? 1e-4 : i % 30 == 0 ? 4e-3 : 0.6e-4;
  };
  CHECK(share_of_one(beside_another, 100'000, seconds) > 0.9);
}

TEST_CASE("pieces of different sizes are compared by the time for their size") {
  TeamSize team(1, 2);
  int alone = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double size = i % 7 < 3 ? 10.0 : 100.0;
    if (team.next() == 1) ++alone;
    team.took(1e-5 * size / team.next(), size);
  }
  CHECK(alone < 1000);
}
