#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct NaturalExponential {
  double rate = 1.0;
  Length every = percent(25);
  bool staircase = false;

  static constexpr std::string_view name = "natural_exponential";
  static constexpr std::string_view help = "Falls like e to the minus time.";
  static constexpr std::string_view when =
      "To reproduce models of TensorFlow 1; otherwise it is exponential by another name.";
  static constexpr std::array<std::string_view, 3> shown{
      "natural_exponential", "natural_exponential:rate=0.5",
      "natural_exponential:rate=0.5,every=10%,staircase=true"};
  static constexpr std::string_view formula =
      "exp(-rate * (floor(step / every) if staircase else step / every))";
  static constexpr std::string_view source = "TensorFlow 1, natural_exp_decay";
  static constexpr auto params() {
    return std::array{
        param<&NaturalExponential::rate>("rate", 0.0, 1e6, "",
                                         "the exponent gained in each stretch of length `every`"),
        param<&NaturalExponential::every>("every",
                                          "the stretch in which the exponent grows by `rate`"),
        param<&NaturalExponential::staircase>("staircase",
                                              "whether it falls at the end of each stretch only")};
  }

  double operator()(const Clock& now) const {
    const double stretches = now.elapsed() / every.in(now);
    return std::exp(-rate * (staircase ? std::floor(stretches) : stretches));
  }
};
inline const bool natural_exponential_registered = add<NaturalExponential>();

}  // namespace anneal::sched
