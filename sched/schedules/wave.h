#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

struct Wave {
  Length half = percent(20);
  double floor = 0.0;

  static constexpr std::string_view name = "wave";
  static constexpr std::string_view help =
      "A cosine wave that goes on: down to floor, up again, down again.";
  static constexpr std::string_view when =
      "To reproduce a peer that runs past its T_max; for restarts there is `restarts`.";
  static constexpr std::array<std::string_view, 3> shown{"wave", "wave:half=50%",
                                                         "wave:half=10%,floor=0.5"};
  static constexpr std::string_view formula =
      "floor + (1 - floor) * (1 + cos(pi * step / half)) / 2";
  static constexpr std::string_view source = "PyTorch's CosineAnnealingLR past T_max";
  static constexpr auto params() {
    return std::array{param<&Wave::half>("half", "from a crest to the next trough"),
                      param<&Wave::floor>("floor", 0.0, 1e6, "factor", "factor of the troughs")};
  }

  double operator()(const Clock& now) const {
    return floor + (1.0 - floor) * half_cosine(now.elapsed() / half.in(now));
  }
};
inline const bool wave_registered = add<Wave>();

}  // namespace anneal::sched
