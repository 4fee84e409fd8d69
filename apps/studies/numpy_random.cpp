#include "apps/studies/numpy_random.h"

#include <bit>
#include <cmath>

namespace anneal::apps {

double NumpyRandom::uniform() {
  const auto high = static_cast<double>(words_() >> 5U);  // 27 bits
  const auto low = static_cast<double>(words_() >> 6U);   // and 26 more
  return (high * 0x1p26 + low) / 0x1p53;
}

double NumpyRandom::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double NumpyRandom::normal() {
  if (!std::isnan(spare_normal_))
    return std::exchange(spare_normal_, std::numeric_limits<double>::quiet_NaN());
  double x = 0.0;
  double y = 0.0;
  double square = 0.0;
  do {  // until the point is in the unit circle, and not its centre
    x = 2.0 * uniform() - 1.0;
    y = 2.0 * uniform() - 1.0;
    square = x * x + y * y;
  } while (square >= 1.0 || square == 0.0);
  const double stretch = std::sqrt(-2.0 * std::log(square) / square);
  spare_normal_ = stretch * x;
  return stretch * y;
}

std::uint32_t NumpyRandom::up_to(std::uint32_t largest) {
  const std::uint32_t mask = std::bit_ceil(largest + 1U) - 1U;
  std::uint32_t drawn = 0;
  do drawn = static_cast<std::uint32_t>(words_()) & mask;
  while (drawn > largest);
  return drawn;
}

}  // namespace anneal::apps
