#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace anneal::nn {

/// Philox4x32-10: four random words as a pure function of a counter and a key.
/// Salmon, Moraes, Dror & Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011,
/// section 3.3.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// What a stream is for. Two purposes never share a stream, so that, say, adding dropout
/// leaves the initial weights and the order of the data as they were.
enum class Purpose : std::uint32_t { weights = 1, order, dropout, split, samples };

/// One stream of random numbers, keyed by (seed, purpose, index): the same numbers on every
/// platform, compiler and standard library. std:: distributions are not, and are not used.
/// `index` tells streams of one purpose apart, e.g. the epoch whose order is drawn.
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0);

  std::uint32_t bits();                     ///< 32 uniform bits
  double uniform();                         ///< in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);  ///< in [low, high)
  double normal();                          ///< mean 0, variance 1
  std::uint64_t below(std::uint64_t n);     ///< in [0, n), every value equally likely; n > 0

  /// Fisher-Yates: every order equally likely.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i)
      std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
  }

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = block_.size();
  double spare_normal_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace anneal::nn
