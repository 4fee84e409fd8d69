#pragma once
#include "sched/registry.h"

namespace anneal::sched {

/// Counts the update about to be made, (step + 1) / total, so that the first update is not wasted
/// on a rate of 0 and the last one runs at the full rate.
struct Warmup {
  double from = 0.0;

  static constexpr std::string_view name = "warmup";
  static constexpr std::string_view help =
      "A straight line up to 1 that wastes no update at its start.";
  static constexpr std::string_view when =
      "Before nearly every schedule, with Adam or large batches above all; 1 to 5 % of a run is "
      "usual.";
  static constexpr std::array<std::string_view, 3> shown{"warmup", "warmup:from=0.1",
                                                         "warmup:from=0.5"};
  static constexpr std::string_view formula = "from + (1 - from) * min(1, (step + 1) / total)";
  static constexpr std::string_view source =
      "Goyal et al., Accurate, Large Minibatch SGD, 2017, section 2.2";
  static constexpr auto params() {
    return std::array{
        param<&Warmup::from>("from", 0.0, 1.0, "factor", "factor just before the first update")};
  }

  double operator()(const Clock& now) const {
    return from + (1.0 - from) * std::min((now.elapsed() + 1.0) / now.total, 1.0);
  }
};
inline const bool warmup_registered = add<Warmup>();

}  // namespace anneal::sched
