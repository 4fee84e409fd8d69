#include "nn/autograd/random.h"

#include <cmath>

namespace anneal::nn {
namespace {

constexpr std::uint32_t low_half(std::uint64_t x) {
  return static_cast<std::uint32_t>(x);
}
constexpr std::uint32_t high_half(std::uint64_t x) {
  return static_cast<std::uint32_t>(x >> 32U);
}

/// log(x) for finite x > 0 from exactly rounded operations alone: libraries differ in the last
/// bit of std::log, and the stream must not. log m = 2 artanh((m - 1) / (m + 1)), by its series.
double portable_log(double x) {
  constexpr double ln2 = 0.693147180559945309417;
  constexpr double sqrt_half = 0.707106781186547524401;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < sqrt_half) {
    m *= 2.0;
    --exponent;
  }
  const double z = (m - 1.0) / (m + 1.0);  // |z| < 0.172, so z^22 is below double's precision
  double sum = 0.0;
  for (int k = 21; k >= 1; k -= 2) sum = sum * z * z + 1.0 / k;
  return 2.0 * z * sum + exponent * ln2;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {high_half(b) ^ counter[1] ^ key[0], low_half(b), high_half(a) ^ counter[3] ^ key[1],
               low_half(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

Random::Random(std::uint64_t seed, Purpose purpose, std::uint64_t index)
    : key_{low_half(seed), high_half(seed)},
      counter_{0, static_cast<std::uint32_t>(purpose), low_half(index), high_half(index)} {}

std::uint32_t Random::bits() {
  if (used_ == block_.size()) {
    block_ = philox(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

double Random::uniform() {
  const std::uint64_t high = bits();
  const std::uint64_t word = high << 32U | bits();
  return static_cast<double>(word >> 11U) * 0x1p-53;
}

double Random::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

// Marsaglia's polar method needs no sine or cosine, whose last bits differ between libraries.
double Random::normal() {
  if (!std::isnan(spare_normal_))
    return std::exchange(spare_normal_, std::numeric_limits<double>::quiet_NaN());
  while (true) {
    const double x = uniform(-1.0, 1.0);
    const double y = uniform(-1.0, 1.0);
    const double r2 = x * x + y * y;
    if (r2 >= 1.0 || r2 == 0.0) continue;
    const double scale = std::sqrt(-2.0 * portable_log(r2) / r2);
    spare_normal_ = y * scale;
    return x * scale;
  }
}

std::uint64_t Random::below(std::uint64_t n) {
  // Words past the last whole multiple of n would favour small values; draw again instead.
  const std::uint64_t excess = (0 - n) % n;  // 2^64 mod n
  while (true) {
    const std::uint64_t high = bits();
    const std::uint64_t word = high << 32U | bits();
    if (word >= excess) return word % n;
  }
}

}  // namespace anneal::nn
