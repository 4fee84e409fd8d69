#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct OneMinusSqrt {
  double floor = 0.0;

  static constexpr std::string_view name = "one_minus_sqrt";
  static constexpr std::string_view help = "Falls like 1 - sqrt(time): a good cooldown.";
  static constexpr std::string_view when = "As the cooldown after a constant rate.";
  static constexpr std::array<std::string_view, 3> shown{
      "one_minus_sqrt", "one_minus_sqrt:floor=0.1", "one_minus_sqrt:floor=0.3"};
  static constexpr std::string_view formula = "floor + (1 - floor) * (1 - sqrt(t))";
  static constexpr std::string_view source =
      "Haegele et al., Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations, "
      "2024, section 4.1";
  static constexpr auto params() {
    return std::array{
        param<&OneMinusSqrt::floor>("floor", 0.0, 1e6, "factor", "factor reached at the end")};
  }

  double operator()(const Clock& now) const {
    return floor + (1.0 - floor) * (1.0 - std::sqrt(now.progress()));
  }
};
inline const bool one_minus_sqrt_registered = add<OneMinusSqrt>();

}  // namespace anneal::sched
