#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct Polynomial {
  double power = 2.0;
  double floor = 0.0;

  static constexpr std::string_view name = "polynomial";
  static constexpr std::string_view help =
      "Falls like a power of the time that is left; power 1 is linear.";
  static constexpr std::string_view formula = "floor + (1 - floor) (1 - t) ^ power";
  static constexpr std::string_view source =
      "Chen et al., DeepLab, 2017, section 4.1.1 (power 0.9)";
  static constexpr auto params() {
    return std::array{
        param<&Polynomial::power>("power", 0.01, 100.0, "", "of the fraction of time that is left"),
        param<&Polynomial::floor>("floor", 0.0, 1.0, "factor", "factor reached at the end")};
  }

  double operator()(const Clock& now) const {
    return floor + (1.0 - floor) * std::pow(1.0 - now.progress(), power);
  }
};
inline const bool polynomial_registered = add<Polynomial>();

}  // namespace anneal::sched
