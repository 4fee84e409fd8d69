#pragma once
#include <cmath>
#include <numbers>

#include "sched/registry.h"

namespace anneal::sched {

/// (1 + cos(pi t)) / 2 is written cos^2(pi t / 2): the sum loses all its digits near the end.
struct Cosine {
  double floor = 0.0;

  static constexpr std::string_view name = "cosine";
  static constexpr std::string_view help = "Half a cosine wave, from 1 down to floor.";
  static constexpr std::string_view formula = "floor + (1 - floor) (1 + cos(pi t)) / 2";
  static constexpr std::string_view source = "Loshchilov & Hutter, SGDR, 2017, eq. 5";
  static constexpr auto params() {
    return std::array{
        param<&Cosine::floor>("floor", 0.0, 1.0, "factor", "factor reached at the end")};
  }

  double operator()(const Clock& now) const {
    if (now.elapsed() == now.total) return floor;  // pi / 2 is not exact
    const double half_wave = std::cos(0.5 * std::numbers::pi * now.progress());
    return floor + (1.0 - floor) * half_wave * half_wave;
  }
};
inline const bool cosine_registered = add<Cosine>();

}  // namespace anneal::sched
