#pragma once
#include "sched/registry.h"

namespace anneal::sched {

/// A ramp, up or down. Its first update is at `from`, and `to` is reached after its last one, so
/// that the stage that follows goes on from there. A warmup whose first update must not be at 0 is
/// `warmup`.
struct Linear {
  double from = 1.0;
  double to = 0.0;

  static constexpr std::string_view name = "linear";
  static constexpr std::string_view help = "A straight line between two factors.";
  static constexpr std::string_view when =
      "The first thing to try for a run of known length: as good as cosine in most comparisons, "
      "and nothing to tune.";
  static constexpr std::array<std::string_view, 3> shown{"linear", "linear:to=0.2",
                                                         "linear:from=0.1,to=1"};
  static constexpr std::string_view formula = "(1 - t) * from + t * to";
  static constexpr std::string_view source =
      "Li, Yumer & Ramanan, Budgeted Training, 2020, section 3.3 (down to 0 at the end of the "
      "budget)";
  static constexpr auto params() {
    return std::array{
        param<&Linear::from>("from", 0.0, 1e6, "factor", "factor at the first update"),
        param<&Linear::to>("to", 0.0, 1e6, "factor", "factor reached at the end")};
  }

  double operator()(const Clock& now) const {
    const double t = now.progress();
    return (1.0 - t) * from + t * to;
  }
};
inline const bool linear_registered = add<Linear>();

}  // namespace anneal::sched
