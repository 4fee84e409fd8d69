#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct Cyclic {
  Length up = percent(10);
  Length down = percent(10);
  double low = 0.1;
  double per_cycle = 1.0;
  double per_step = 1.0;

  static constexpr std::string_view name = "cyclic";
  static constexpr std::string_view help =
      "Triangles: up and down between two rates, again and again.";
  static constexpr std::string_view when =
      "To look for a rate while training, between two that are known to work.";
  static constexpr std::array<std::string_view, 3> shown{"cyclic", "cyclic:per_cycle=0.5",
                                                         "cyclic:up=5%,down=15%,low=0.3"};
  static constexpr std::string_view formula =
      "low + (1 - low) * (step % (up + down) / up if step % (up + down) <= up else 1 - (step % (up "
      "+ down) - up) / down) * per_cycle ** floor(step / (up + down)) * per_step ** step";
  static constexpr std::string_view source =
      "Smith, Cyclical Learning Rates for Training Neural Networks, 2017, section 3";
  static constexpr auto params() {
    return std::array{
        param<&Cyclic::up>("up", "from the low to the high"),
        param<&Cyclic::down>("down", "from the high to the low"),
        param<&Cyclic::low>("low", 0.0, 1e6, "factor", "factor of the lows"),
        param<&Cyclic::per_cycle>("per_cycle", 0.0, 1.0, "factor",
                                  "multiplies the height at each cycle; 0.5 is triangular2"),
        param<&Cyclic::per_step>("per_step", 0.0, 1.0, "factor",
                                 "multiplies the height at each update; 0.99994 is exp_range")};
  }

  double operator()(const Clock& now) const {
    const double rise = up.in(now);
    const double fall = down.in(now);
    const double cycle = std::floor(now.elapsed() / (rise + fall));
    const double at = now.elapsed() - cycle * (rise + fall);
    const double triangle = at <= rise ? at / rise : 1.0 - (at - rise) / fall;
    double height = (1.0 - low) * triangle;
    if (per_cycle != 1.0) height *= std::pow(per_cycle, cycle);
    if (per_step != 1.0) height *= std::pow(per_step, now.elapsed());
    return low + height;
  }
};
inline const bool cyclic_registered = add<Cyclic>();

}  // namespace anneal::sched
