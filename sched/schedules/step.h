#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// PyTorch's StepLR is `every` in the unit in which its step() is called.
struct StepDecay {
  double gamma = 0.1;
  Length every = percent(30);

  static constexpr std::string_view name = "step";
  static constexpr std::string_view help = "Falls by the same factor at regular intervals.";
  static constexpr std::string_view when =
      "To reproduce older image models; the length of a step is one more thing to tune.";
  static constexpr std::array<std::string_view, 3> shown{"step", "step:gamma=0.5,every=20%",
                                                         "step:gamma=0.8,every=10%"};
  static constexpr std::string_view formula = "gamma ** floor(step / every)";
  static constexpr std::string_view source =
      "He et al., Deep Residual Learning for Image Recognition, 2016, section 4.2";
  static constexpr auto params() {
    return std::array{
        param<&StepDecay::gamma>("gamma", 0.0, 1e6, "factor", "multiplies the factor at each drop"),
        param<&StepDecay::every>("every", "from one drop to the next")};
  }

  double operator()(const Clock& now) const {
    // The quotient of whole numbers is never rounded up to the next whole one.
    return std::pow(gamma, std::floor(now.elapsed() / every.in(now)));
  }
};
inline const bool step_registered = add<StepDecay>();

}  // namespace anneal::sched
