#include "apps/compare/peak_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>

namespace anneal::apps {
namespace {

constexpr double near_enough = 1.5;     // to a neighbour: sqrt(2) is, 2 is not
constexpr double same_rate = 1.03;      // a vertex so near to a peak that was tried is that peak
constexpr double another_peak = 1.3;    // as far apart, two peaks are two answers
constexpr double worth_a_trial = 1e-3;  // of the loss: what a grid may cost

/// A rate as one would type it, and as it is read again.
double rounded(double rate, int digits) {
  return std::strtod(fmt::format("{:.{}g}", rate, digits).c_str(), nullptr);
}

}  // namespace

PeakSearch::PeakSearch(const std::vector<double>& grid, const SearchRule& rule)
    : rule_(rule), few_(rule.seeds), some_(rule.seeds), grid_(grid) {
  if (rule.refinements > 0) {
    few_ = std::min<std::size_t>(rule.seeds, std::max<std::size_t>(2, rule.seeds / 5));
    some_ = std::max(few_, (rule.seeds + 1) / 2);
  }
  for (const double rate : grid) want(rate, few_);
}

void PeakSearch::want(double rate, std::size_t seeds) {
  const auto at = std::ranges::lower_bound(peaks_, rate, {}, &TriedPeak::rate);
  const auto k = at - peaks_.begin();
  if (at == peaks_.end() || at->rate != rate) {
    peaks_.insert(at, {.rate = rate});
    seeds_.insert(seeds_.begin() + k, seeds);
  } else {
    seeds_[static_cast<std::size_t>(k)] = std::max(seeds_[static_cast<std::size_t>(k)], seeds);
  }
}

std::vector<PeakSearch::Wanted> PeakSearch::wanted() const {
  std::vector<Wanted> trials;
  for (std::size_t k = 0; k < peaks_.size(); ++k)
    for (std::size_t s = peaks_[k].losses.size(); s < seeds_[k]; ++s)
      trials.push_back({peaks_[k].rate, s});
  return trials;
}

void PeakSearch::add(const Wanted& trial, double loss) {
  std::ranges::lower_bound(peaks_, trial.rate, {}, &TriedPeak::rate)->losses.push_back(loss);
}

void PeakSearch::grow(bool above) {
  const double end = above ? grid_.back() : grid_.front();
  const double before = above ? grid_[grid_.size() - 2] : grid_[1];
  const double rate = rounded(end * (end / before), 12);
  grid_.insert(above ? grid_.end() : grid_.begin(), rate);
  want(rate, few_);
}

std::size_t PeakSearch::least() const {
  const std::vector<double> means = paired_means(peaks_);
  return static_cast<std::size_t>(std::ranges::min_element(means) - means.begin());
}

std::size_t PeakSearch::best() const {
  const std::size_t least_mean = least();
  const auto fit = rule_.refinements > 0 ? parabola_around(peaks_, least_mean, some_)
                                         : std::optional<Parabola>();
  if (!fit) return least_mean;
  // The parabola has seen the neighbours' seeds, too: it is less at the mercy of one peak's luck.
  std::size_t best = least_mean;
  const auto above = [&](std::size_t k) { return fit->above_least(std::log(peaks_[k].rate)); };
  for (std::size_t k = 0; k < peaks_.size(); ++k)
    if (peaks_[k].losses.size() == rule_.seeds && above(k) < above(best)) best = k;
  return best;
}

std::optional<PeakCost> PeakSearch::cost() const {
  return peak_cost(peaks_, best(), least(), some_);  // the parabola that chose it
}

std::optional<std::size_t> PeakSearch::rival() const {
  const std::size_t chosen = best();
  const std::vector<double> means = paired_means(peaks_);
  std::optional<std::size_t> rival;
  for (std::size_t k = 0; k < peaks_.size(); ++k) {
    const double ratio = peaks_[k].rate / peaks_[chosen].rate;
    if (std::max(ratio, 1 / ratio) < another_peak || !std::isfinite(means[k])) continue;
    if (clearly_worse(peaks_[k], peaks_[chosen])) continue;
    if (!rival || means[k] < means[*rival]) rival = k;
  }
  return rival;
}

bool PeakSearch::next() {
  if (stage_ == Stage::grid) stage_ = rule_.refinements > 0 ? Stage::refining : Stage::over;
  if (stage_ == Stage::refining) {
    if (rounds_++ < rule_.refinements) refine();
    if (wants()) return true;
    stage_ = Stage::racing;
    race();
    if (wants()) return true;
  }
  if (stage_ == Stage::racing) {
    stage_ = Stage::over;
    try_vertex(rule_.seeds);
  }
  return wants();
}

void PeakSearch::refine() {
  const std::size_t k = least();
  const std::vector<double> means = paired_means(peaks_);
  if (!std::isfinite(means[k])) return;
  const double rate = peaks_[k].rate;
  std::vector<double> near{rate};
  const auto look = [&](std::size_t neighbour) {
    const double other = peaks_[neighbour].rate;
    const bool far = std::max(rate / other, other / rate) > near_enough;
    near.push_back(far ? rounded(std::sqrt(rate * other), 3) : other);
  };
  if (k > 0) look(k - 1);
  if (k + 1 < peaks_.size()) look(k + 1);
  for (std::size_t j = 0; j < peaks_.size(); ++j)
    if (means[j] <= within * means[k]) near.push_back(peaks_[j].rate);
  for (const double r : near) want(r, some_);
  if (!wants()) try_vertex(some_);
}

void PeakSearch::try_vertex(std::size_t seeds) {
  const std::size_t k = least();
  const auto fit = parabola_around(peaks_, k, some_);
  if (!fit) return;
  const double rate = rounded(std::exp(fit->vertex), 3);
  double nearest = std::log(same_rate);
  double above = fit->above_least(std::log(peaks_[k].rate));
  for (const TriedPeak& p : peaks_) {
    const double away = std::abs(std::log(p.rate / rate));
    if (p.losses.size() < some_ || away >= nearest) continue;
    nearest = away;
    above = 0.0;  // that peak is as good
  }
  if (above > worth_a_trial * fit->least) want(rate, seeds);
}

void PeakSearch::race() {
  const TriedPeak best = peaks_[least()];
  for (std::size_t k = 0; k < peaks_.size(); ++k)
    if (peaks_[k].rate == best.rate ||
        (peaks_[k].losses.size() >= some_ && !clearly_worse(peaks_[k], best)))
      seeds_[k] = rule_.seeds;
}

}  // namespace anneal::apps
