#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct InverseTime {
  double rate = 1.0;
  Length every = percent(10);
  bool staircase = false;

  static constexpr std::string_view name = "inverse_time";
  static constexpr std::string_view help =
      "Falls like 1 / time: the classical rate of stochastic approximation.";
  static constexpr std::string_view when =
      "For convex problems, whose theory asks for it; too fast for most networks.";
  static constexpr std::array<std::string_view, 3> shown{
      "inverse_time", "inverse_time:rate=0.3", "inverse_time:rate=1,every=20%,staircase=true"};
  static constexpr std::string_view formula =
      "1 / (1 + rate * (floor(step / every) if staircase else step / every))";
  static constexpr std::string_view source =
      "Robbins & Monro, A Stochastic Approximation Method, 1951";
  static constexpr auto params() {
    return std::array{
        param<&InverseTime::rate>("rate", 0.0, 1e9, "",
                                  "how much the divisor grows in each stretch of length `every`"),
        param<&InverseTime::every>("every", "the stretch in which the divisor grows by `rate`"),
        param<&InverseTime::staircase>("staircase",
                                       "whether it falls at the end of each stretch only")};
  }

  double operator()(const Clock& now) const {
    const double stretches = now.elapsed() / every.in(now);
    return 1.0 / (1.0 + rate * (staircase ? std::floor(stretches) : stretches));
  }
};
inline const bool inverse_time_registered = add<InverseTime>();

}  // namespace anneal::sched
