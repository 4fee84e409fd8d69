#include "apps/compare/peak_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "apps/compare/statistics.h"

namespace anneal::apps {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double window = 0.48;  // ln(1.6): both neighbours at a factor of sqrt(2)

/// The mean of the first `count` losses, but for one.
double mean_of_first(const TriedPeak& peak, std::size_t count, std::optional<std::size_t> without) {
  double sum = 0.0;
  double used = 0.0;
  for (std::size_t k = 0; k < std::min(count, peak.losses.size()); ++k) {
    if (k == without) continue;
    sum += peak.losses[k];
    ++used;
  }
  return used > 0 ? sum / used : infinity;
}

std::size_t most_seeds(std::span<const TriedPeak> peaks) {
  std::size_t most = 0;
  for (const TriedPeak& p : peaks) most = std::max(most, p.losses.size());
  return most;
}

}  // namespace

std::vector<double> paired_means(std::span<const TriedPeak> peaks,
                                 std::optional<std::size_t> without) {
  const std::size_t most = most_seeds(peaks);
  const TriedPeak* reference = nullptr;
  double least = infinity;
  for (const TriedPeak& p : peaks) {
    const double mean = mean_of_first(p, most, without);
    if (p.losses.size() != most || (reference != nullptr && !(mean < least))) continue;
    reference = &p;
    least = mean;
  }
  std::vector<double> means;
  means.reserve(peaks.size());
  for (const TriedPeak& p : peaks) {
    const double mean = mean_of_first(p, most, without);
    const double same_seeds = mean_of_first(*reference, p.losses.size(), without);
    // Of the same seeds, and where nothing can be paired, the mean itself: no rounding, no NaN.
    means.push_back(p.losses.size() == most || !std::isfinite(mean) || !std::isfinite(least)
                        ? mean
                        : mean + (least - same_seeds));
  }
  return means;
}

std::optional<Parabola> fit_parabola(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  if (n < 3) return {};
  const double origin = mean_of(x);
  // Normal equations of y = a + b t + c t^2 with t = x - origin, whose sum is 0.
  double t2 = 0.0, t3 = 0.0, t4 = 0.0, ty = 0.0, t2y = 0.0;
  const double height = mean_of(y);
  for (std::size_t i = 0; i < n; ++i) {
    const double t = x[i] - origin;
    t2 += t * t;
    t3 += t * t * t;
    t4 += t * t * t * t;
    ty += t * (y[i] - height);
    t2y += t * t * (y[i] - height);
  }
  const double spread = t4 - t2 * t2 / static_cast<double>(n);
  const double determinant = t2 * spread - t3 * t3;
  if (!(determinant > 1e-12 * t2 * spread)) return {};  // fewer than three different points
  const double c = (t2 * t2y - t3 * ty) / determinant;
  const double b = (spread * ty - t3 * t2y) / determinant;
  if (!(c > 0.0)) return {};
  const double vertex = -b / (2 * c);
  const double a = height - c * t2 / static_cast<double>(n);
  return Parabola{
      .vertex = origin + vertex, .curvature = 2 * c, .least = a + b * vertex + c * vertex * vertex};
}

std::optional<Parabola> parabola_around(std::span<const TriedPeak> peaks, std::size_t best,
                                        std::size_t seeds, std::optional<std::size_t> without) {
  const std::vector<double> means = paired_means(peaks, without);
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t k = 0; k < peaks.size(); ++k) {
    if (peaks[k].losses.size() < seeds || !std::isfinite(means[k])) continue;
    if (std::abs(std::log(peaks[k].rate / peaks[best].rate)) > window) continue;
    x.push_back(std::log(peaks[k].rate));
    y.push_back(means[k]);
  }
  const auto fit = fit_parabola(x, y);
  if (!fit || without) return fit;
  const bool within = fit->vertex >= x.front() && fit->vertex <= x.back();
  return within ? fit : std::nullopt;
}

std::optional<PeakCost> peak_cost(std::span<const TriedPeak> peaks, std::size_t best,
                                  std::size_t centre, std::size_t seeds) {
  const auto all = parabola_around(peaks, centre, seeds);
  const std::size_t n = most_seeds(peaks);
  if (!all || n < 2) return {};
  std::vector<double> vertices;
  for (std::size_t k = 0; k < n; ++k) {
    const auto one_less = parabola_around(peaks, centre, seeds, k);
    if (!one_less) return {};
    vertices.push_back(one_less->vertex);
  }
  // Jackknife (Tukey, 1958): the replicates lie n - 1 times as close together as n samples' means.
  const double count = static_cast<double>(n);
  const double deviation = (count - 1) / std::sqrt(count) * deviation_of(vertices);
  const double x = std::log(peaks[best].rate);
  const double away = std::abs(x - all->vertex) + 3 * deviation;
  return PeakCost{.grid = all->above_least(x),
                  .may = all->above_least(all->vertex + away),
                  .deviation = deviation};
}

bool clearly_worse(const TriedPeak& a, const TriedPeak& b) {
  const auto lost = [](double loss) { return !std::isfinite(loss); };
  if (std::ranges::any_of(a.losses, lost)) return std::ranges::none_of(b.losses, lost);
  if (std::ranges::any_of(b.losses, lost)) return false;
  const std::size_t n = std::min(a.losses.size(), b.losses.size());
  if (n < 2) return false;
  std::vector<double> d(n);
  for (std::size_t k = 0; k < n; ++k) d[k] = a.losses[k] - b.losses[k];
  return mean_of(d) > 2 * deviation_of(d) / std::sqrt(static_cast<double>(n));
}

}  // namespace anneal::apps
