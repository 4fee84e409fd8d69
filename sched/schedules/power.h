#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// The paper's rate is min(eta_max, B a n^b) of n tokens: `knee` is where the two are equal. A
/// cooldown is a stage after it.
struct Power {
  double exponent = 0.51;
  Length knee = percent(10);

  static constexpr std::string_view name = "power";
  static constexpr std::string_view help =
      "Capped at first, then a power of time, for runs whose end is not known.";
  static constexpr std::string_view when =
      "For pretraining whose length is open; the exponent carries over between lengths.";
  static constexpr std::array<std::string_view, 3> shown{"power", "power:exponent=1",
                                                         "power:exponent=0.51,knee=30%"};
  static constexpr std::string_view formula = "min(1, (max(step, 1) / knee) ** -exponent)";
  static constexpr std::string_view source = "Shen et al., Power Scheduler, 2024, eq. 3";
  static constexpr auto params() {
    return std::array{param<&Power::exponent>("exponent", 0.0, 100.0, "", "of the time, downwards"),
                      param<&Power::knee>("knee", "how long the rate is capped")};
  }

  double operator()(const Clock& now) const {
    return std::min(1.0, std::pow(std::max(now.elapsed(), 1.0) / knee.in(now), -exponent));
  }
};
inline const bool power_registered = add<Power>();

}  // namespace anneal::sched
