#pragma once
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <utility>

namespace anneal::apps {

/// NumPy's RandomState, number for number, so that published experiments that name a random_state
/// start where they started. The generator is the Mersenne twister that the standard library has
/// too (Matsumoto & Nishimura, 1998); what NumPy makes of its words is frozen ("legacy seeding",
/// numpy/random/src/legacy). Logarithms may differ between C libraries in the last bit.
class NumpyRandom {
 public:
  /// np.random.RandomState(seed)
  explicit NumpyRandom(std::uint32_t seed) : words_(seed) {}

  double uniform();                         ///< in [0, 1), a multiple of 2^-53
  double uniform(double low, double high);  ///< in [low, high)
  /// Mean 0, variance 1, by Marsaglia's polar method, whose second number serves the next call.
  double normal();
  /// shuffle()
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i-- > 1;)
      std::swap(items[i], items[up_to(static_cast<std::uint32_t>(i))]);
  }

 private:
  /// In [0, largest], by drawing as many bits as `largest` has until they are not above it.
  std::uint32_t up_to(std::uint32_t largest);

  std::mt19937 words_;
  double spare_normal_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace anneal::apps
