#include "apps/compare/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

namespace anneal::apps {
namespace {

double normal_share(double z) {
  return 0.5 * std::erfc(-z / std::sqrt(2.0));
}

/// The inverse of normal_share, by bisection: it is asked for a handful of times.
double normal_quantile(double share) {
  double low = -40.0;
  double high = 40.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (normal_share(middle) < share ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// Between the two sorted values that are nearest, as most programs do it (Hyndman & Fan, type 7).
double quantile_of(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

/// The skewness that the mean's interval is to follow: for a mean the jackknife's values are linear
/// in the values themselves (Efron 1987, section 6).
double acceleration_of(std::span<const double> x) {
  const double mean = mean_of(x);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double v : x) {
    squares += (v - mean) * (v - mean);
    cubes += (v - mean) * (v - mean) * (v - mean);
  }
  return cubes / (6.0 * std::pow(squares, 1.5));
}

std::vector<double> resampled_means(std::span<const double> x, std::int64_t resamples,
                                    std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> means(static_cast<std::size_t>(resamples));
  for (double& mean : means) {
    double sum = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += x[random() % x.size()];
    mean = sum / static_cast<double>(x.size());
  }
  std::ranges::sort(means);
  return means;
}

}  // namespace

double mean_of(std::span<const double> x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double deviation_of(std::span<const double> x) {
  if (x.size() < 2) return 0.0;
  const double mean = mean_of(x);
  double squares = 0.0;
  for (const double v : x) squares += (v - mean) * (v - mean);
  return std::sqrt(squares / static_cast<double>(x.size() - 1));
}

Interval bca_interval(std::span<const double> x, double confidence, std::int64_t resamples,
                      std::uint64_t seed) {
  const auto [least, most] = std::ranges::minmax(x);
  if (least == most) return {least, most};
  const std::vector<double> means = resampled_means(x, resamples, seed);
  // Means that are equal but for rounding count half.
  const double mean = mean_of(x);
  const double close = 1e-12 * (most - least);
  const auto first = std::ranges::lower_bound(means, mean - close) - means.begin();
  const auto last = std::ranges::upper_bound(means, mean + close) - means.begin();
  const double below = 0.5 * static_cast<double>(first + last) / static_cast<double>(resamples);
  const double bias = normal_quantile(std::clamp(below, 1e-9, 1.0 - 1e-9));
  const double acceleration = acceleration_of(x);
  const auto end = [&](double share) {
    const double z = bias + normal_quantile(share);
    return quantile_of(means, normal_share(bias + z / (1.0 - acceleration * z)));
  };
  return {end(0.5 - 0.5 * confidence), end(0.5 + 0.5 * confidence)};
}

double sign_flip_p(std::span<const double> differences, std::uint64_t seed) {
  constexpr std::size_t most_exact = 20;
  const std::size_t n = differences.size();
  double size = 0.0;
  for (const double d : differences) size += std::abs(d);
  // Sums that are equal but for rounding are equal.
  const double observed =
      std::abs(std::accumulate(differences.begin(), differences.end(), 0.0)) - 1e-12 * size;

  std::vector<std::uint64_t> signs((n + 63) / 64, 0);  // a bit for each difference
  const auto is_as_far = [&] {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      sum += (signs[i / 64] >> (i % 64) & 1U) != 0 ? differences[i] : -differences[i];
    return std::abs(sum) >= observed;
  };
  if (n == 0) return 1.0;
  const std::int64_t sets = std::int64_t{1} << std::min(n, most_exact);
  std::int64_t as_far = 0;
  if (n <= most_exact) {
    for (std::int64_t i = 0; i < sets; ++i, ++signs[0]) as_far += is_as_far() ? 1 : 0;
  } else {
    std::mt19937_64 random(seed);
    as_far = 1;  // the observed set itself
    for (std::int64_t i = 1; i < sets; ++i) {
      std::ranges::generate(signs, random);
      as_far += is_as_far() ? 1 : 0;
    }
  }
  return static_cast<double>(as_far) / static_cast<double>(sets);
}

double least_sign_flip_p(std::int64_t pairs) {
  return std::exp2(1.0 - static_cast<double>(pairs));
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
  std::vector<double> adjusted(p.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p[order[rank]] * static_cast<double>(p.size() - rank));
    adjusted[order[rank]] = std::min(largest, 1.0);
  }
  return adjusted;
}

std::vector<double> joint_sign_flip_p(std::span<const std::vector<double>> rows,
                                      std::uint64_t seed) {
  constexpr std::size_t most_exact = 16;
  const std::size_t n = rows.empty() ? 0 : rows[0].size();
  std::vector<bool> flipped(n, false);
  const auto statistic = [&](const std::vector<double>& row) {
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += flipped[i] ? -row[i] : row[i];
      squares += row[i] * row[i];
    }
    return squares > 0.0 ? sum * sum / squares : 0.0;
  };
  std::vector<double> observed;
  for (const std::vector<double>& row : rows) observed.push_back(statistic(row) * (1.0 - 1e-12));

  std::mt19937_64 random(seed);
  const std::uint64_t sets = std::uint64_t{1} << std::min(n, most_exact);
  std::vector<double> p(rows.size(), 0.0);
  for (std::uint64_t set = 0; set < sets; ++set) {
    for (std::size_t i = 0; i < n; ++i)  // set 0, in which none is flipped, is the observed one
      flipped[i] = n <= most_exact ? (set >> i & 1U) != 0 : set > 0 && (random() & 1U) != 0;
    double largest = 0.0;
    for (const std::vector<double>& row : rows) largest = std::max(largest, statistic(row));
    for (std::size_t r = 0; r < rows.size(); ++r)
      if (largest >= observed[r]) p[r] += 1.0 / static_cast<double>(sets);
  }
  return p;
}

std::vector<double> mean_ranks(std::span<const std::vector<double>> scores) {
  const auto key = [&](std::size_t contestant, std::size_t round) {
    const double score = scores[contestant][round];
    return std::isnan(score) ? std::numeric_limits<double>::infinity() : score;
  };
  std::vector<double> ranks(scores.size(), 0.0);
  const std::size_t rounds = scores.empty() ? 0 : scores[0].size();
  for (std::size_t round = 0; round < rounds; ++round)
    for (std::size_t i = 0; i < scores.size(); ++i) {
      double rank = 1.0;
      for (std::size_t j = 0; j < scores.size(); ++j) {
        if (j == i) continue;
        const double mine = key(i, round);
        const double other = key(j, round);
        rank += other < mine ? 1.0 : other == mine ? 0.5 : 0.0;
      }
      ranks[i] += rank / static_cast<double>(rounds);
    }
  return ranks;
}

std::vector<std::string> letters(std::span<const std::vector<bool>> differ) {
  const std::size_t n = differ.size();
  // Each set is a letter: none of its members may differ from another. All begin in one; a pair
  // that differs splits every set that holds both; a set within another says nothing new.
  std::vector<std::vector<bool>> sets{std::vector<bool>(n, true)};
  const auto within = [&](const std::vector<bool>& a, const std::vector<bool>& b) {
    for (std::size_t i = 0; i < n; ++i)
      if (a[i] && !b[i]) return false;
    return true;
  };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      if (!differ[i][j]) continue;
      std::vector<std::vector<bool>> split;
      for (const std::vector<bool>& set : sets) {
        split.push_back(set);
        if (!set[i] || !set[j]) continue;
        split.back()[j] = false;
        split.push_back(set);
        split.back()[i] = false;
      }
      sets.clear();
      for (std::size_t a = 0; a < split.size(); ++a) {
        bool needed = true;
        for (std::size_t b = 0; b < split.size() && needed; ++b)
          needed = a == b || !within(split[a], split[b]) || (split[a] == split[b] && a < b);
        if (needed) sets.push_back(split[a]);
      }
    }
  const auto places = [&](const std::vector<bool>& set) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < n; ++i)
      if (set[i]) members.push_back(i);
    return members;
  };
  std::ranges::sort(sets, [&](const auto& a, const auto& b) { return places(a) < places(b); });
  std::vector<std::string> out(n);
  for (std::size_t s = 0; s < sets.size(); ++s)
    for (const std::size_t i : places(sets[s]))
      out[i] += s < 26 ? std::string(1, static_cast<char>('a' + s)) : "(" + std::to_string(s) + ")";
  return out;
}

double pairs_needed(double difference, double deviation) {
  if (difference == 0.0) return std::numeric_limits<double>::infinity();
  const double z = normal_quantile(0.975) + normal_quantile(0.8);
  const double ratio = deviation / difference;
  return z * z * ratio * ratio + 2.0;
}

}  // namespace anneal::apps
