#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// The loss as a function of the peak, near its least: what the choice of the peak may have cost.
/// Numbers in, numbers out.
namespace anneal::apps {

/// A peak that was tried, with the losses of the first so many tuning seeds.
struct TriedPeak {
  double rate = 0.0;
  std::vector<double> losses = {};  ///< infinite where the trial diverged
};

/// The mean loss of each peak, as if all had the seeds of the one that has most: by its paired
/// difference from the one of least loss among those. `without`: a seed that is left out.
std::vector<double> paired_means(std::span<const TriedPeak> peaks,
                                 std::optional<std::size_t> without = {});

/// f(x) = least + curvature / 2 (x - vertex)^2, where x is the natural logarithm of the rate.
struct Parabola {
  double vertex = 0.0;
  double curvature = 0.0;
  double least = 0.0;
  double above_least(double x) const { return 0.5 * curvature * (x - vertex) * (x - vertex); }
};

/// The parabola of least squares; none for fewer than three points, and for one that bends down.
std::optional<Parabola> fit_parabola(std::span<const double> x, std::span<const double> y);

/// Through the peaks within a factor of 1.6 of `best` that have `seeds` seeds or more; none either
/// if its least value is not within them, unless a seed is left out.
std::optional<Parabola> parabola_around(std::span<const TriedPeak> peaks, std::size_t best,
                                        std::size_t seeds, std::optional<std::size_t> without = {});

/// By how much the loss at the peak `best` may be above the least that this schedule can have.
struct PeakCost {
  double grid = 0.0;       ///< by the parabola: the least lies between the peaks that were tried
  double may = 0.0;        ///< with the vertex away by three deviations more: covers 96 % and more
  double deviation = 0.0;  ///< of the vertex, in ln(rate), by the jackknife over seeds
};
/// By the parabola around the peak `centre`. None where it cannot be fitted, with and without each
/// seed.
std::optional<PeakCost> peak_cost(std::span<const TriedPeak> peaks, std::size_t best,
                                  std::size_t centre, std::size_t seeds);

/// Whether a loses to b, paired over the seeds that both have, by more than two standard errors:
/// then it is not worth another trial. Never of fewer than two seeds.
bool clearly_worse(const TriedPeak& a, const TriedPeak& b);

}  // namespace anneal::apps
