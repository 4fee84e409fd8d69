#pragma once
#include <cmath>
#include <deque>
#include <limits>
#include <numeric>

#include "sched/registry.h"

namespace anneal::sched {

/// PyTorch's ReduceLROnPlateau as a function of the log: it replays the losses seen so far, so a
/// resumed run needs the log, not a saved scheduler. It drops at evaluation patience + 1 without
/// improvement, as PyTorch does; Keras and Optax say `patience` for one more. The relative
/// threshold is taken of the best loss's size, so that a negative loss is not improved upon by a
/// worse one; a loss that is not a number is no improvement.
struct Plateau {
  double factor = 0.1;
  int patience = 10;
  double threshold = 1e-4;
  double margin = 0.0;
  int cooldown = 0;
  double floor = 0.0;
  double smallest_change = 0.0;
  bool maximize = false;
  bool signed_threshold = false;
  int average = 1;
  int window = 1;
  bool skip_cooldown = false;

  static constexpr std::string_view name = "plateau";
  static constexpr std::string_view help =
      "Falls by a factor whenever the validation loss has stopped improving.";
  static constexpr std::string_view when =
      "Where nothing is known of the length a run needs, and the validation loss is not too noisy.";
  static constexpr std::array<std::string_view, 3> shown{
      "plateau", "plateau:patience=5,factor=0.5", "plateau:patience=3,cooldown=10,factor=0.3"};
  static constexpr std::string_view formula = "factor ^ (number of drops), at least floor";
  static constexpr std::string_view source = "PyTorch's ReduceLROnPlateau";
  static constexpr auto params() {
    return std::array{
        param<&Plateau::factor>("factor", 0.0, 1.0, "factor", "multiplies the factor at each drop"),
        param<&Plateau::patience>("patience", 0, 100000, "evaluations",
                                  "evaluations without improvement that are forgiven"),
        param<&Plateau::threshold>("threshold", 0.0, 1e6, "",
                                   "an improvement is by more than this fraction of the best loss"),
        param<&Plateau::margin>("margin", 0.0, 1e12, "", "and by more than this"),
        param<&Plateau::cooldown>("cooldown", 0, 100000, "evaluations",
                                  "evaluations after a drop that do not count as bad"),
        param<&Plateau::floor>("floor", 0.0, 1e6, "factor", "the factor never drops below this"),
        param<&Plateau::smallest_change>("smallest_change", 0.0, 1.0, "factor",
                                         "a drop by no more than this is not made"),
        param<&Plateau::maximize>("maximize", "whether higher is better, as for an accuracy"),
        param<&Plateau::signed_threshold>(
            "signed_threshold",
            "whether the fraction is of a negative best as it is, which calls a worse one better "
            "(PyTorch)"),
        param<&Plateau::average>("average", 1, 100000, "evaluations",
                                 "so many are averaged into one"),
        param<&Plateau::window>("window", 1, 1000, "evaluations",
                                "the loss is the mean of the last so many, for a noisy one"),
        param<&Plateau::skip_cooldown>(
            "skip_cooldown",
            "whether evaluations in the cooldown are not seen at all, not even as the best "
            "(PaddlePaddle)")};
  }

  struct State {
    double current = 1.0;
    double best = std::numeric_limits<double>::infinity();  // of losses; sign turned if maximizing
    int bad = 0;
    int cooling = 0;
    double sum = 0.0;
    int summed = 0;
    std::deque<double> recent;  ///< the last, `window` at most
  };

  void observe(State& s, const Observation& seen) const {
    s.sum += seen.loss;
    if (++s.summed < average) return;
    const double mean = recent_mean(s, s.sum / average);
    const double loss = maximize ? -mean : mean;
    s.sum = 0.0;
    s.summed = 0;
    if (skip_cooldown && s.cooling > 0) {
      --s.cooling;
      return;
    }
    s.bad = loss < wanted(s.best) ? 0 : s.bad + 1;
    if (s.bad == 0) s.best = loss;
    if (s.cooling > 0) {
      --s.cooling;
      s.bad = 0;
    }
    if (s.bad <= patience) return;
    const double lower = std::max(s.current * factor, floor);
    if (s.current - lower > smallest_change) s.current = lower;
    s.cooling = cooldown;
    s.bad = 0;
  }
  double answer(const State& s) const { return s.current; }

 private:
  double recent_mean(State& s, double loss) const {
    if (window == 1) return loss;
    s.recent.push_back(loss);
    if (s.recent.size() > static_cast<std::size_t>(window)) s.recent.pop_front();
    // Added up anew: a running sum would never get rid of a loss that is not a number.
    return std::accumulate(s.recent.begin(), s.recent.end(), 0.0) /
           static_cast<double>(s.recent.size());
  }

  /// What a loss must be below to be an improvement.
  double wanted(double best) const {
    if (signed_threshold) return best * (1.0 + (maximize ? threshold : -threshold)) - margin;
    if (std::isinf(best)) return best;
    return best - threshold * std::abs(best) - margin;
  }
};
inline const bool plateau_registered = add<Plateau>();

}  // namespace anneal::sched
