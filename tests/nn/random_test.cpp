#include "nn/autograd/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

using namespace anneal::nn;

TEST_CASE("philox gives the published known answers") {
  // The Random123 distribution, file kat_vectors, philox4x32 with 10 rounds.
  using Words = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("streams of other seeds, purposes and indices differ, and each can be had again") {
  const auto first = [](std::uint64_t seed, Purpose purpose, std::uint64_t index) {
    return Random(seed, purpose, index).bits();
  };
  const auto word = first(1, Purpose::weights, 0);
  CHECK(word == first(1, Purpose::weights, 0));
  CHECK(word != first(2, Purpose::weights, 0));
  CHECK(word != first(1ULL << 40, Purpose::weights, 0));
  CHECK(word != first(1, Purpose::order, 0));
  CHECK(word != first(1, Purpose::weights, 1));
  CHECK(word != first(1, Purpose::weights, 1ULL << 40));
}

TEST_CASE("the stream is pinned: these very numbers, on every platform") {
  Random random(42, Purpose::samples);
  CHECK(random.bits() == 0x14d2af4);
  CHECK(random.uniform() == 0.39021449193362256);
  CHECK(random.normal() == -0.16189050440352687);
  CHECK(random.normal() == 0.16226685928860782);
  CHECK(random.below(1000) == 506);
}

TEST_CASE("uniform, normal and below have the moments they should") {
  Random random(3, Purpose::samples);
  const int n = 200'000;
  double sum = 0, squares = 0, normal_sum = 0, normal_squares = 0, fourth = 0;
  std::array<int, 7> counts{};
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    REQUIRE((u >= 0.0 && u < 1.0));
    sum += u;
    squares += u * u;
    const double z = random.normal();
    normal_sum += z;
    normal_squares += z * z;
    fourth += z * z * z * z;
    ++counts[random.below(7)];
  }
  // Five standard errors each.
  CHECK(std::abs(sum / n - 0.5) < 5 * std::sqrt(1.0 / 12 / n));
  CHECK(std::abs(squares / n - 1.0 / 3) < 5 * std::sqrt(4.0 / 45 / n));
  CHECK(std::abs(normal_sum / n) < 5 / std::sqrt(n));
  CHECK(std::abs(normal_squares / n - 1) < 5 * std::sqrt(2.0 / n));
  CHECK(std::abs(fourth / n - 3) < 5 * std::sqrt(96.0 / n));
  for (const int count : counts) CHECK(std::abs(count - n / 7.0) < 5 * std::sqrt(n * 6.0 / 49));
}

TEST_CASE("shuffle permutes, and every order of three comes up equally often") {
  std::array<int, 6> counts{};
  const int n = 60'000;
  for (int i = 0; i < n; ++i) {
    std::vector<int> items{0, 1, 2};
    Random(9, Purpose::order, static_cast<std::uint64_t>(i)).shuffle(std::span(items));
    std::vector<int> sorted = items;
    std::ranges::sort(sorted);
    REQUIRE(sorted == std::vector<int>{0, 1, 2});
    const int order = items[0] * 2 + (items[1] > items[2] ? 1 : 0);
    ++counts[static_cast<std::size_t>(order)];
  }
  for (const int count : counts) CHECK(std::abs(count - n / 6.0) < 5 * std::sqrt(n * 5.0 / 36));
}
