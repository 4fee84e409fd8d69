#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// Without the warmup of the paper, which is a stage of its own here: after `warmup@500`, its curve
/// is `inverse_sqrt:timescale=500`. That is the schedule called Noam.
struct InverseSqrt {
  Length timescale = percent(10);

  static constexpr std::string_view name = "inverse_sqrt";
  static constexpr std::string_view help =
      "Falls like 1 / sqrt(time): fast at first, then ever more slowly.";
  static constexpr std::string_view when =
      "For transformers after a warmup, where the end of the run is not known.";
  static constexpr std::array<std::string_view, 3> shown{
      "inverse_sqrt", "inverse_sqrt:timescale=2%", "inverse_sqrt:timescale=50%"};
  static constexpr std::string_view formula = "sqrt(timescale / (timescale + step))";
  static constexpr std::string_view source =
      "Vaswani et al., Attention Is All You Need, 2017, section 5.3";
  static constexpr auto params() {
    return std::array{
        param<&InverseSqrt::timescale>("timescale", "after three of these, half the rate is left")};
  }

  double operator()(const Clock& now) const {
    const double scale = timescale.in(now);
    return std::sqrt(scale / (scale + now.elapsed()));
  }
};
inline const bool inverse_sqrt_registered = add<InverseSqrt>();

}  // namespace anneal::sched
