#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// Neither end is exact: at the usual bounds it begins at 0.9999992 and ends at 0.0025.
struct Tanh {
  double lower = -7.0;
  double upper = 3.0;
  double floor = 0.0;

  static constexpr std::string_view name = "tanh";
  static constexpr std::string_view help =
      "A hyperbolic tangent: it stays high for long, then falls quickly.";
  static constexpr std::string_view when =
      "To reproduce timm; between a long plateau and a quick fall.";
  static constexpr std::array<std::string_view, 3> shown{"tanh", "tanh:lower=-3,upper=3",
                                                         "tanh:lower=-6,upper=6"};
  static constexpr std::string_view formula =
      "floor + (1 - floor) * (1 - tanh(lower * (1 - t) + upper * t)) / 2";
  static constexpr std::string_view source =
      "Hsueh, Li & Wu, Stochastic Gradient Descent with Hyperbolic-Tangent Decay, 2019, eq. 3";
  static constexpr auto params() {
    return std::array{
        param<&Tanh::lower>("lower", -100.0, 100.0, "", "where on the tangent it begins"),
        param<&Tanh::upper>("upper", -100.0, 100.0, "", "where it ends"),
        param<&Tanh::floor>("floor", 0.0, 1e6, "factor", "factor that it tends to")};
  }

  double operator()(const Clock& now) const {
    const double t = now.progress();
    return floor + (1.0 - floor) * 0.5 * (1.0 - std::tanh(lower * (1.0 - t) + upper * t));
  }
};
inline const bool tanh_registered = add<Tanh>();

}  // namespace anneal::sched
