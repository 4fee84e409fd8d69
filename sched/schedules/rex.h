#pragma once
#include "sched/registry.h"

namespace anneal::sched {

/// The paper's beta is 0.5; a widespread implementation has 0.9.
struct Rex {
  double beta = 0.5;
  double floor = 0.0;

  static constexpr std::string_view name = "rex";
  static constexpr std::string_view help =
      "A reflected exponential: nearly linear at first, then it falls quickly.";
  static constexpr std::string_view when =
      "For short budgets, where a rate that stays high for long pays.";
  static constexpr std::array<std::string_view, 3> shown{"rex", "rex:beta=0.8", "rex:beta=0.95"};
  static constexpr std::string_view formula =
      "floor + (1 - floor) * (1 - t) / (1 - beta + beta * (1 - t))";
  static constexpr std::string_view source =
      "Chen, Wolfe & Kyrillidis, REX: Revisiting Budgeted Training with an Improved Schedule, "
      "2021, section 4";
  static constexpr auto params() {
    return std::array{param<&Rex::beta>("beta", 0.0, 0.999, "",
                                        "0 is linear; towards 1, it stays high for longer"),
                      param<&Rex::floor>("floor", 0.0, 1e6, "factor", "factor reached at the end")};
  }

  double operator()(const Clock& now) const {
    const double left = 1.0 - now.progress();
    return floor + (1.0 - floor) * left / (1.0 - beta + beta * left);
  }
};
inline const bool rex_registered = add<Rex>();

}  // namespace anneal::sched
