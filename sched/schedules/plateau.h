#pragma once
#include <cmath>
#include <limits>

#include "sched/registry.h"

namespace anneal::sched {

/// PyTorch's ReduceLROnPlateau as a function of the log: it replays the losses seen so far instead
/// of remembering anything, so a resumed run needs the log, not a saved scheduler. It drops at
/// evaluation patience + 1 without improvement, as PyTorch does. The relative threshold is taken of
/// the best loss's size, so that a negative loss is not improved upon by a worse one; a loss that
/// is not a number is no improvement. Cost: one pass over the observations.
struct Plateau {
  double factor = 0.1;
  int patience = 10;
  double threshold = 1e-4;
  bool relative = true;
  int cooldown = 0;
  double floor = 0.0;

  static constexpr std::string_view name = "plateau";
  static constexpr std::string_view help =
      "Falls by a factor whenever the validation loss has stopped improving.";
  static constexpr std::string_view formula = "factor ^ (number of drops), at least floor";
  static constexpr bool watches_losses = true;
  static constexpr std::string_view source = "PyTorch's ReduceLROnPlateau";
  static constexpr auto params() {
    return std::array{
        param<&Plateau::factor>("factor", 0.0, 1.0, "factor", "multiplies the factor at each drop"),
        param<&Plateau::patience>("patience", 0, 10000, "evaluations",
                                  "evaluations without improvement that are forgiven"),
        param<&Plateau::threshold>(
            "threshold", 0.0, 1e6, "",
            "how much lower than the best a loss must be to count as an improvement"),
        param<&Plateau::relative>("relative", "whether threshold is a fraction of the best loss"),
        param<&Plateau::cooldown>("cooldown", 0, 10000, "evaluations",
                                  "evaluations after a drop that do not count as bad"),
        param<&Plateau::floor>("floor", 0.0, 1.0, "factor", "the factor never drops below this")};
  }

  double operator()(const Clock& now) const {
    double current = 1.0;
    double best = std::numeric_limits<double>::infinity();
    int bad = 0;
    int cooling = 0;
    for (const Observation& seen : now.history) {
      const double margin = relative ? threshold * std::abs(best) : threshold;
      if (seen.loss < (std::isinf(best) ? best : best - margin)) {
        best = seen.loss;
        bad = 0;
      } else {
        ++bad;
      }
      if (cooling > 0) {
        --cooling;
        bad = 0;
      }
      if (bad > patience) {
        current = std::max(current * factor, floor);
        cooling = cooldown;
        bad = 0;
      }
    }
    return current;
  }
};
inline const bool plateau_registered = add<Plateau>();

}  // namespace anneal::sched
