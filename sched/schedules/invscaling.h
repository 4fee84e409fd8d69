#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

struct InvScaling {
  double power = 0.5;

  static constexpr std::string_view name = "invscaling";
  static constexpr std::string_view help = "Divided by a power of the number of the update.";
  static constexpr std::string_view when = "To reproduce scikit-learn.";
  static constexpr std::array<std::string_view, 3> shown{"invscaling", "invscaling:power=0.25",
                                                         "invscaling:power=0.1"};
  static constexpr std::string_view formula = "(step + 1) ** -power";
  static constexpr std::string_view source = "scikit-learn's invscaling";
  static constexpr auto params() {
    return std::array{param<&InvScaling::power>("power", 0.0, 100.0, "",
                                                "of the number of the update, counted from 1")};
  }

  double operator()(const Clock& now) const { return std::pow(now.elapsed() + 1.0, -power); }
};
inline const bool invscaling_registered = add<InvScaling>();

}  // namespace anneal::sched
