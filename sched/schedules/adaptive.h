#pragma once
#include <limits>

#include "sched/registry.h"

namespace anneal::sched {

/// Unlike plateau it also lowers its idea of the best loss by improvements too small to count, so a
/// slow but steady descent is no improvement.
struct Adaptive {
  double factor = 0.2;
  int patience = 5;
  double tolerance = 1e-3;
  double smallest = 0.0;

  static constexpr std::string_view name = "adaptive";
  static constexpr std::string_view help =
      "Divided by five whenever the loss has stopped improving by a margin.";
  static constexpr std::string_view when = "To reproduce scikit-learn; for anything else, plateau.";
  static constexpr std::array<std::string_view, 3> shown{"adaptive", "adaptive:patience=10",
                                                         "adaptive:factor=0.5"};
  static constexpr std::string_view formula = "factor ^ (number of drops)";
  static constexpr std::string_view source = "scikit-learn's adaptive";
  static constexpr auto params() {
    return std::array{
        param<&Adaptive::factor>("factor", 0.0, 1.0, "factor",
                                 "multiplies the factor at each drop"),
        param<&Adaptive::patience>("patience", 1, 10000, "evaluations",
                                   "so many in a row without improvement make it drop"),
        param<&Adaptive::tolerance>(
            "tolerance", 0.0, 1e6, "",
            "an improvement is a loss lower than the best by more than this"),
        param<&Adaptive::smallest>("smallest", 0.0, 1.0, "factor",
                                   "at this or below it drops no more")};
  }

  struct State {
    double current = 1.0;
    double best = std::numeric_limits<double>::infinity();
    int bad = 0;
  };
  void observe(State& s, const Observation& seen) const {
    s.bad = seen.loss > s.best - tolerance ? s.bad + 1 : 0;
    s.best = std::min(s.best, seen.loss);
    if (s.bad < patience || s.current <= smallest) return;
    s.current *= factor;
    s.bad = 0;
  }
  double answer(const State& s) const { return s.current; }
};
inline const bool adaptive_registered = add<Adaptive>();

}  // namespace anneal::sched
