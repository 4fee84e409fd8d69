#include "apps/compare/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>

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

/// The probability that |t| is below that of the angle atan(|t| / sqrt(degrees)), as a finite sum
/// (Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4).
double share_within(double angle, std::int64_t degrees) {
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1.0;
  double sum = degrees > 1 ? term : 0.0;
  for (std::int64_t k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= cosine * cosine * static_cast<double>(k - 1) / static_cast<double>(k);
    sum += term;
  }
  return odd ? 2.0 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

/// A set of contestants: a bit for each.
class Members {
 public:
  /// All of so many.
  explicit Members(std::size_t count) : words_((count + 63) / 64, ~std::uint64_t{0}) {
    if (count % 64 != 0) words_.back() = (std::uint64_t{1} << (count % 64)) - 1;
  }
  bool has(std::size_t i) const { return (words_[i / 64] >> (i % 64) & 1U) != 0; }
  Members without(std::size_t i) const {
    Members rest = *this;
    rest.words_[i / 64] &= ~(std::uint64_t{1} << (i % 64));
    return rest;
  }
  bool is_within(const Members& other) const {
    for (std::size_t w = 0; w < words_.size(); ++w)
      if ((words_[w] & ~other.words_[w]) != 0) return false;
    return true;
  }
  std::vector<std::size_t> list() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < 64 * words_.size(); ++i)
      if (has(i)) places.push_back(i);
    return places;
  }

 private:
  std::vector<std::uint64_t> words_;
};

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

double t_quantile(double share, std::int64_t degrees) {
  constexpr std::int64_t many = 1000;
  if (share < 0.5) return -t_quantile(1.0 - share, degrees);
  if (degrees > many) {  // Abramowitz and Stegun 26.7.5: as good as the sum, and no longer one
    const double z = normal_quantile(share);
    const auto n = static_cast<double>(degrees);
    return z + (z * z * z + z) / (4.0 * n) +
           (5.0 * std::pow(z, 5) + 16.0 * z * z * z + 3.0 * z) / (96.0 * n * n);
  }
  double low = 0.0;
  double high = 0.5 * std::numbers::pi;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (share_within(middle, degrees) < 2.0 * share - 1.0 ? low : high) = middle;
  }
  return std::tan(low) * std::sqrt(static_cast<double>(degrees));
}

Interval t_interval(std::span<const double> x, double confidence) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (x.size() < 2) return {-infinite, infinite};
  const auto [least, most] = std::ranges::minmax(x);
  if (least == most) return {least, most};
  const double mean = mean_of(x);
  const double reach = t_quantile(0.5 + 0.5 * confidence, std::ssize(x) - 1) * deviation_of(x) /
                       std::sqrt(static_cast<double>(x.size()));
  return {mean - reach, mean + reach};
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
  constexpr std::size_t most_letters = 100;
  const std::size_t n = differ.size();
  // Each set is a letter: none of its members may differ from another. All begin in one; a pair
  // that differs splits every set that holds both; a set within another says nothing new.
  std::vector<Members> sets{Members(n)};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      if (!differ[i][j]) continue;
      std::vector<Members> halves;
      std::erase_if(sets, [&](const Members& set) {
        if (!set.has(i) || !set.has(j)) return false;
        halves.push_back(set.without(i));
        halves.push_back(set.without(j));
        return true;
      });
      // A half may lie within another set; what was whole before lies within none of the halves.
      for (const Members& half : halves)
        if (std::ranges::none_of(sets, [&](const Members& set) { return half.is_within(set); }))
          sets.push_back(half);
      if (sets.size() > most_letters) return std::vector<std::string>(n);
    }
  std::vector<std::vector<std::size_t>> members;
  for (const Members& set : sets) members.push_back(set.list());
  std::ranges::sort(members);
  std::vector<std::string> out(n);
  for (std::size_t s = 0; s < members.size(); ++s)
    for (const std::size_t i : members[s])
      out[i] += s < 26 ? std::string(1, static_cast<char>('a' + s)) : "(" + std::to_string(s) + ")";
  return out;
}

double pairs_needed(double difference, double deviation, double level) {
  if (difference == 0.0) return std::numeric_limits<double>::infinity();
  const double z = normal_quantile(1.0 - 0.5 * level);
  const double both = z + normal_quantile(0.8);
  const double ratio = deviation / difference;
  return both * both * ratio * ratio + 0.5 * z * z;
}

}  // namespace anneal::apps
