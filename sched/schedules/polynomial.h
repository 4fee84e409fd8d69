#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// With `cycle`, as in Keras, the horizon is moved to the next multiple of `every` whenever it is
/// reached; the peaks get lower and lower.
struct Polynomial {
  double power = 2.0;
  double floor = 0.0;
  double k = 1.0;
  Length every = percent(100);
  bool cycle = false;

  static constexpr std::string_view name = "polynomial";
  static constexpr std::string_view help =
      "Falls like a power of the time that is left; power 1 is linear.";
  static constexpr std::string_view when =
      "To reproduce segmentation models (power 0.9) or timm; power 1 is linear.";
  static constexpr std::array<std::string_view, 3> shown{"polynomial", "polynomial:power=0.9",
                                                         "polynomial:power=1,every=34%,cycle=true"};
  static constexpr std::string_view formula =
      "floor + (1 - floor) * (1 - min(1, step / (every * (max(1, ceil(step / every)) if cycle else "
      "1))) ** k) ** power";
  static constexpr std::string_view source =
      "Chen et al., DeepLab, 2017, section 4.1.1 (power 0.9); Zhang & Li, k-decay, 2020; Keras "
      "(cycle)";
  static constexpr auto params() {
    return std::array{
        param<&Polynomial::power>("power", 0.01, 100.0, "", "of the time that is left"),
        param<&Polynomial::floor>("floor", 0.0, 1e6, "factor", "factor reached at the end"),
        param<&Polynomial::k>("k", 0.01, 100.0, "",
                              "above 1, it falls later: of the time that is done"),
        param<&Polynomial::every>("every", "the time to the floor"),
        param<&Polynomial::cycle>("cycle",
                                  "whether it is begun anew, lower, whenever it gets there")};
  }

  double operator()(const Clock& now) const {
    double horizon = every.in(now);
    if (cycle) horizon *= std::max(std::ceil(now.elapsed() / horizon), 1.0);
    const double done = std::min(now.elapsed() / horizon, 1.0);
    const double left = 1.0 - (k == 1.0 ? done : std::pow(done, k));
    return floor + (1.0 - floor) * std::pow(left, power);
  }
};
inline const bool polynomial_registered = add<Polynomial>();

}  // namespace anneal::sched
