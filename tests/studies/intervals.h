#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "apps/compare/statistics.h"

/// The intervals of a mean that t_interval() was chosen from, at 95 %.
namespace anneal::apps {

inline std::vector<double> resample(std::span<const double> x, std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> any(0, x.size() - 1);
  std::vector<double> out(x.size());
  for (double& v : out) v = x[any(random)];
  return out;
}

inline double at_share(std::vector<double>& values, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + place);
  return values[static_cast<std::size_t>(place)];
}

/// What compare had before: bias-corrected and accelerated bootstrap (Efron, Better Bootstrap
/// Confidence Intervals, 1987).
inline Interval bca(std::span<const double> x, int resamples, std::mt19937_64& random) {
  const double mean = mean_of(x);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double v : x) {
    squares += std::pow(v - mean, 2);
    cubes += std::pow(v - mean, 3);
  }
  std::vector<double> means;
  double below = 0.0;
  for (int r = 0; r < resamples; ++r) {
    means.push_back(mean_of(resample(x, random)));
    below += means.back() < mean ? 1.0 : means.back() == mean ? 0.5 : 0.0;
  }
  const auto share_of = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  const auto z_of = [](double share) { return t_quantile(share, 1'000'000'000); };
  const double bias = z_of(std::clamp(below / resamples, 1e-6, 1.0 - 1e-6));
  const double acceleration = cubes / (6.0 * std::pow(squares, 1.5));
  const auto end = [&](double share) {
    const double z = bias + z_of(share);
    return at_share(means, share_of(bias + z / (1.0 - acceleration * z)));
  };
  return {end(0.025), end(0.975)};
}

/// The studentized bootstrap, "bootstrap-t" (Efron and Tibshirani, An Introduction to the
/// Bootstrap, 1993, section 12.5).
inline Interval bootstrap_t(std::span<const double> x, int resamples, std::mt19937_64& random) {
  const double mean = mean_of(x);
  std::vector<double> t;
  for (int r = 0; r < resamples; ++r) {
    const std::vector<double> again = resample(x, random);
    const double deviation = deviation_of(again);
    if (deviation > 0.0) t.push_back((mean_of(again) - mean) / deviation);
  }
  if (t.empty()) return {mean, mean};
  const double deviation = deviation_of(x);
  const double high = mean - at_share(t, 0.025) * deviation;
  return {mean - at_share(t, 0.975) * deviation, high};
}

/// All means that a sign-flip test at 5 % would not reject: between order statistics of the means
/// of subsets (Hartigan, Using Subsample Values as Typical Values, 1969), of all up to ten values,
/// beyond of 1023 random ones.
inline Interval inverted_sign_flips(std::span<const double> x, std::mt19937_64& random) {
  constexpr std::size_t most_exact = 10;
  const std::uint64_t sets = std::uint64_t{1} << std::min(x.size(), most_exact);
  std::vector<double> means;
  for (std::uint64_t set = 1; set < sets; ++set) {
    std::uint64_t members = set;
    if (x.size() > most_exact) do
        members = random() >> (64 - x.size());
      while (members == 0);
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += (members >> i & 1U) != 0 ? x[i] : 0.0;
    means.push_back(sum / static_cast<double>(std::popcount(members)));
  }
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const auto place = static_cast<std::size_t>(0.025 * static_cast<double>(sets));
  if (place == 0) return {-infinite, infinite};
  std::ranges::sort(means);
  return {means[place - 1], means[means.size() - place]};
}

}  // namespace anneal::apps
