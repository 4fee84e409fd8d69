#pragma once
#include <cmath>

#include "sched/registry.h"

/// A schedule from outside the library: the same file would do in sched/schedules/.
struct Sawtooth {
  int teeth = 4;
  double floor = 0.1;

  static constexpr std::string_view name = "sawtooth";
  static constexpr std::string_view help = "Falls in a straight line again and again, ever lower.";
  static constexpr std::string_view formula =
      "floor + (1 - floor) (1 - t) (1 - fraction of the tooth)";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    using anneal::sched::param;
    return std::array{
        param<&Sawtooth::teeth>("teeth", 1, 1000, "", "how often it starts again"),
        param<&Sawtooth::floor>("floor", 0.0, 1.0, "factor", "factor reached at the end")};
  }

  double operator()(const anneal::sched::Clock& now) const {
    const double t = now.progress();
    const double tooth = t * teeth - std::floor(t * teeth);
    return floor + (1.0 - floor) * (1.0 - t) * (1.0 - tooth);
  }
};
inline const bool sawtooth_registered = anneal::sched::add<Sawtooth>();
