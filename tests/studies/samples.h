#pragma once
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "apps/report/results_table.h"

/// Where the studies of the statistics take their numbers from: laws with mean 0, and results that
/// were measured, resampled.
namespace anneal::apps {

enum class Law { normal, skewed, heavy };
inline constexpr Law laws[] = {Law::normal, Law::skewed, Law::heavy};

inline const char* name_of(Law law) {
  return law == Law::normal ? "normal" : law == Law::skewed ? "exponential" : "Student's t, 3 d.f.";
}

inline double draw(Law law, std::mt19937_64& random) {
  if (law == Law::normal) return std::normal_distribution<double>()(random);
  if (law == Law::skewed) return std::exponential_distribution<double>()(random) - 1.0;
  return std::student_t_distribution<double>(3.0)(random);
}

inline std::vector<double> drawn(Law law, std::size_t n, std::mt19937_64& random) {
  std::vector<double> x(n);
  for (double& v : x) v = draw(law, random);
  return x;
}

/// n rounds of measured results, drawn with replacement: of all contestants and metrics together,
/// so that what a seed has in common for them stays.
inline std::vector<Metric> resampled(const std::vector<Metric>& measured, std::size_t n,
                                     std::mt19937_64& random) {
  std::uniform_int_distribution<std::size_t> any(0, measured[0].values[0].size() - 1);
  std::vector<std::size_t> rounds(n);
  for (std::size_t& round : rounds) round = any(random);
  std::vector<Metric> out = measured;
  for (Metric& metric : out)
    for (std::vector<double>& row : metric.values) {
      const std::vector<double> all = row;
      row.clear();
      for (const std::size_t round : rounds) row.push_back(all[round]);
    }
  return out;
}

/// The same with the mean of each contestant taken away: measured noise, and no differences.
inline std::vector<Metric> without_differences(std::vector<Metric> measured) {
  for (Metric& metric : measured)
    for (std::vector<double>& row : metric.values) {
      const double mean = mean_of(row);
      for (double& v : row) v -= mean;
    }
  return measured;
}

}  // namespace anneal::apps
