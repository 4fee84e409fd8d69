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

/// The value that Student's t with so many degrees of freedom stays below with probability `share`.
double t_quantile(double share, std::int64_t degrees);

/// Student's interval of the mean: exact for values that are normal, at any number of them from two
/// up (docs/protocol.md has what it covers for others). One value gives no interval: infinite ends.
/// Values that are all the same give one without width.
Interval t_interval(std::span<const double> x, double confidence = 0.95);

/// Mean ranks of contestants over rounds; `scores[contestant][round]`, lower is better, 1 is the
/// best. Equal scores share the mean of their ranks. What is not a number comes last.
std::vector<double> mean_ranks(std::span<const std::vector<double>> scores);

/// Tiers: contestants that share a letter cannot be told apart (Piepho, An Algorithm for a
/// Letter-Based Representation of All-Pairwise Comparisons, 2004). `differ[i][j]` says whether two
/// can; the letters are in the order of the contestants, so that the first has an "a". All are
/// empty where it would take more than 100 letters.
std::vector<std::string> letters(std::span<const std::vector<bool>> differ);

/// About how many pairs a paired test at `level`, two-sided, needs to see a difference of
/// `difference` with a power of 80 %, given the deviation of the differences: (z_a + z_0.8)^2
/// (sd / difference)^2 + z_a^2 / 2 (Guenther, Sample Size Formulas for Normal Theory T Tests,
/// 1981). Infinite for a difference of 0.
double pairs_needed(double difference, double deviation, double level);

}  // namespace anneal::apps
