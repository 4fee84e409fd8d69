#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// By default gamma is what is left at the end. With `every=1ep` it is PyTorch's ExponentialLR
/// stepped once an epoch, falling smoothly in between; with `every=1`, once an update.
struct Exponential {
  double gamma = 0.01;
  Length every = percent(100);
  bool staircase = false;

  static constexpr std::string_view name = "exponential";
  static constexpr std::string_view help = "Falls by the same fraction in equal stretches of time.";
  static constexpr std::string_view when =
      "Where the end of the run is not known, or as the tail of a chain.";
  static constexpr std::array<std::string_view, 3> shown{
      "exponential", "exponential:gamma=0.1", "exponential:gamma=0.5,every=10%,staircase=true"};
  static constexpr std::string_view formula =
      "gamma ** (floor(step / every) if staircase else step / every)";
  static constexpr std::string_view source =
      "Senior et al., An Empirical Study of Learning Rates in Deep Neural Networks for Speech "
      "Recognition, 2013";
  static constexpr auto params() {
    return std::array{
        param<&Exponential::gamma>("gamma", 0.0, 1e6, "factor",
                                   "what is left after each stretch of length `every`"),
        param<&Exponential::every>("every", "the stretch in which gamma is lost"),
        param<&Exponential::staircase>("staircase",
                                       "whether it falls at the end of each stretch only")};
  }

  double operator()(const Clock& now) const {
    const double stretches = now.elapsed() / every.in(now);
    return std::pow(gamma, staircase ? std::floor(stretches) : stretches);
  }
};
inline const bool exponential_registered = add<Exponential>();

}  // namespace anneal::sched
