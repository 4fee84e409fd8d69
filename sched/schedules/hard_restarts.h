#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

struct HardRestarts {
  double cycles = 3.0;
  double floor = 0.0;

  static constexpr std::string_view name = "hard_restarts";
  static constexpr std::string_view help =
      "A number of equal cosines, the last of which ends the stage.";
  static constexpr std::string_view when =
      "As `restarts`, where the number of cycles is known rather than their length.";
  static constexpr std::array<std::string_view, 3> shown{"hard_restarts", "hard_restarts:cycles=2",
                                                         "hard_restarts:cycles=5,floor=0.1"};
  static constexpr std::string_view formula =
      "floor if t >= 1 else floor + (1 - floor) * (1 + cos(pi * ((cycles * t) % 1))) / 2";
  static constexpr std::string_view source =
      "Loshchilov & Hutter, SGDR, 2017; Hugging Face's cosine_with_restarts";
  static constexpr auto params() {
    return std::array{
        param<&HardRestarts::cycles>("cycles", 0.01, 10000.0, "cycles",
                                     "cosines in the stage; a fraction cuts the last one off"),
        param<&HardRestarts::floor>("floor", 0.0, 1e6, "factor",
                                    "factor at the end of every cosine")};
  }

  double operator()(const Clock& now) const {
    const double t = now.progress();
    if (t >= 1.0) return floor;
    return floor + (1.0 - floor) * half_cosine(std::fmod(cycles * t, 1.0));
  }
};
inline const bool hard_restarts_registered = add<HardRestarts>();

}  // namespace anneal::sched
