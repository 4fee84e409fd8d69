#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What a comparison over a few seeds can say, and what it cannot. Nothing here knows what is
/// compared: numbers in, numbers out, and the same numbers every time.
namespace anneal::apps {

double mean_of(std::span<const double> x);
/// Of a sample, with n - 1; 0 for fewer than two values.
double deviation_of(std::span<const double> x);

struct Interval {
  double low = 0.0;
  double high = 0.0;
  bool operator==(const Interval&) const = default;
};

/// The bias-corrected and accelerated bootstrap interval of the mean (Efron, Better Bootstrap
/// Confidence Intervals, 1987). The resamples depend on `seed` and the number of values alone.
/// One value, or values that are all the same, give an interval without width.
Interval bca_interval(std::span<const double> x, double confidence = 0.95,
                      std::int64_t resamples = 10'000, std::uint64_t seed = 0);

/// The two-sided p of paired differences under the hypothesis that each could as well have had the
/// other sign (Fisher, The Design of Experiments, 1935, section 21): the share of the 2^n sets of
/// signs whose sum is at least as far from 0. Exact up to 20 differences; beyond, from 2^20 random
/// sets, the observed one counted. It cannot be below 2^(1 - n).
double sign_flip_p(std::span<const double> differences, std::uint64_t seed = 0);

/// The smallest p that n pairs can give.
double least_sign_flip_p(std::int64_t pairs);

/// Adjusted for the number of hypotheses (Holm, A Simple Sequentially Rejective Multiple Test
/// Procedure, 1979), in the order given.
std::vector<double> holm(std::span<const double> p);

/// The same for all pairs of contestants at once: p of each row of paired differences, adjusted for
/// all the rows (Westfall and Young, Resampling-Based Multiple Testing, 1993, section 2.3: the
/// largest statistic, single step). The signs of a round are flipped in every row together, so that
/// the least p is that of a single row, 2^(1 - n), where Holm over 36 pairs could not go below 36
/// times it. The statistic is sum^2 / sum of squares, which orders as |t| does. Exact up to 16
/// rounds, beyond from 2^16 random sets of signs.
std::vector<double> joint_sign_flip_p(std::span<const std::vector<double>> rows,
                                      std::uint64_t seed = 0);

/// Mean ranks of contestants over rounds; `scores[contestant][round]`, lower is better, 1 is the
/// best. Equal scores share the mean of their ranks. What is not a number comes last.
std::vector<double> mean_ranks(std::span<const std::vector<double>> scores);

/// Tiers: contestants that share a letter cannot be told apart (Piepho, An Algorithm for a
/// Letter-Based Representation of All-Pairwise Comparisons, 2004). `differ[i][j]` says whether two
/// can; the letters are in the order of the contestants, so that the first has an "a".
std::vector<std::string> letters(std::span<const std::vector<bool>> differ);

/// About how many pairs a paired test needs to see a difference of `difference` with a power of
/// 80 % at 5 %, given the deviation of the differences: (z_0.975 + z_0.8)^2 (sd / difference)^2
/// + 2. Infinite for a difference of 0.
double pairs_needed(double difference, double deviation);

}  // namespace anneal::apps
