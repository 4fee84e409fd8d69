#include "apps/compare/sign_flips.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace anneal::apps {
namespace {

/// A random word for each number: the finalizer of SplitMix64 (Steele, Lea and Flood, Fast
/// Splittable Pseudorandom Number Generators, 2014) over a Weyl sequence. A set's signs are a
/// function of the set alone, so they need not be kept for the next row.
std::uint64_t word_of(std::uint64_t number) {
  std::uint64_t z = (number + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

/// The sums of eight differences under all 256 signs: bit i set takes the i-th away.
using Sums = std::array<double, 256>;

Sums sums_of(std::span<const double> eight) {
  Sums sums{};
  std::size_t filled = 1;
  for (std::size_t i = 0; i < 8; ++i, filled *= 2) {
    const double x = i < eight.size() ? eight[i] : 0.0;
    for (std::size_t k = 0; k < filled; ++k) {
      sums[filled + k] = sums[k] - x;
      sums[k] += x;
    }
  }
  return sums;
}

/// One row, whose sum under any set of signs is that of one number for every eight differences.
class SignedSums {
 public:
  /// Scaled so that no square overflows.
  explicit SignedSums(std::span<const double> row) {
    double most = 0.0;
    for (const double d : row) most = std::max(most, std::abs(d));
    std::vector<double> scaled(row.begin(), row.end());
    for (double& d : scaled) {
      d = most > 0.0 ? d / most : 0.0;
      squares_ += d * d;
      size_ += std::abs(d);
    }
    for (std::size_t at = 0; at < scaled.size(); at += 8)
      sums_.push_back(
          sums_of(std::span(scaled).subspan(at, std::min<std::size_t>(8, scaled.size() - at))));
  }

  /// Of the signs as they are. Sums that are equal but for rounding are equal: so much less.
  double observed() const {
    double sum = 0.0;
    for (const Sums& s : sums_) sum += s[0];
    return statistic(std::max(std::abs(sum) - 1e-12 * size_, 0.0));
  }

  /// The larger of `largest` and this row's statistic, of each set of signs.
  void raise(std::vector<double>& largest, const SignSets& sets, std::uint64_t seed) const {
    const std::size_t words = (sums_.size() + 7) / 8;
    for (std::size_t set = 0; set < largest.size(); ++set) {
      double sum = 0.0;
      for (std::size_t w = 0; w < words; ++w) {
        std::uint64_t signs = set;  // set 0, in which none is flipped, is the observed one
        if (!sets.all) signs = set == 0 ? 0 : word_of(word_of(seed) + set * words + w);
        const std::size_t end = std::min(sums_.size(), 8 * w + 8);
        for (std::size_t c = 8 * w; c < end; ++c, signs >>= 8U) sum += sums_[c][signs & 0xffU];
      }
      largest[set] = std::max(largest[set], statistic(sum));
    }
  }

 private:
  double statistic(double sum) const { return squares_ > 0.0 ? sum * sum / squares_ : 0.0; }

  std::vector<Sums> sums_;
  double squares_ = 0.0;
  double size_ = 0.0;
};

SignSets sets_for(std::size_t pairs, std::int64_t most) {
  const bool all = pairs <= 1 || (pairs <= 62 && std::int64_t{1} << (pairs - 1) <= most);
  return {.counted = all ? std::int64_t{1} << (pairs == 0 ? 0 : pairs - 1) : most, .all = all};
}

}  // namespace

double sampling_error(double p, const SignSets& sets) {
  return sets.all ? 0.0 : std::sqrt(p * (1.0 - p) / static_cast<double>(sets.counted));
}

double least_sign_flip_p(std::int64_t pairs) {
  return std::exp2(1.0 - static_cast<double>(pairs));
}

double sign_flip_p(std::span<const double> differences, std::uint64_t seed) {
  const std::vector<std::vector<double>> row{{differences.begin(), differences.end()}};
  return joint_sign_flip(row, seed, std::int64_t{1} << 20).p[0];
}

JointTest joint_sign_flip(std::span<const std::vector<double>> rows, std::uint64_t seed,
                          std::int64_t most_sets) {
  constexpr std::int64_t most_work = std::int64_t{1} << 29;
  constexpr std::int64_t fewest_sets = 1024;
  JointTest test{.p = std::vector<double>(rows.size(), 1.0)};
  if (rows.empty()) return test;
  const std::int64_t affordable =
      std::max(fewest_sets, most_work / (std::ssize(rows) * (std::ssize(rows[0]) / 8 + 1)));
  test.sets = sets_for(rows[0].size(), std::min(most_sets, affordable));

  std::vector<double> observed(rows.size());
  std::ranges::transform(rows, observed.begin(),
                         [](const auto& row) { return SignedSums(row).observed(); });
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t r) { return observed[r]; });

  // Each row is held against the largest statistic of itself and those below it.
  std::vector<double> largest(static_cast<std::size_t>(test.sets.counted), 0.0);
  for (const std::size_t r : order) {
    SignedSums(rows[r]).raise(largest, test.sets, seed);
    const auto as_far = std::ranges::count_if(largest, [&](double s) { return s >= observed[r]; });
    test.p[r] = static_cast<double>(as_far) / static_cast<double>(test.sets.counted);
  }
  // No row may have a smaller p than one above it.
  double most = 0.0;
  std::ranges::reverse(order);
  for (const std::size_t r : order) most = test.p[r] = std::max(most, test.p[r]);
  return test;
}

}  // namespace anneal::apps
