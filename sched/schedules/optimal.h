#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct Optimal {
  double alpha = 1e-4;

  static constexpr std::string_view name = "optimal";
  static constexpr std::string_view help =
      "Falls like 1 / (t0 + step), as scikit-learn's 'optimal' does.";
  static constexpr std::string_view when = "To reproduce scikit-learn's linear models.";
  static constexpr std::array<std::string_view, 3> shown{"optimal:alpha=0.01", "optimal",
                                                         "optimal:alpha=0.1"};
  static constexpr std::string_view formula = "1 / (1 + step * alpha * (1 / sqrt(alpha)) ** 0.5)";
  static constexpr std::string_view source =
      "Bottou, Stochastic Gradient Descent Tricks, 2012, section 5.2; scikit-learn's optimal";
  static constexpr auto params() {
    return std::array{
        param<&Optimal::alpha>("alpha", 1e-12, 1e6, "", "the strength of the L2 penalty")};
  }

  double operator()(const Clock& now) const {
    const double typical_weight = std::sqrt(1.0 / std::sqrt(alpha));  // and the first rate, too
    const double t0 = 1.0 / (alpha * typical_weight);
    return t0 / (t0 + now.elapsed());
  }
};
inline const bool optimal_registered = add<Optimal>();

}  // namespace anneal::sched
