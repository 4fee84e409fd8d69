#pragma once
#include "sched/registry.h"

namespace anneal::sched {

struct Constant {
  double value = 1.0;

  static constexpr std::string_view name = "constant";
  static constexpr std::string_view help = "The same factor at every update.";
  static constexpr std::string_view when = "For a baseline, and as the flat stage of a chain.";
  static constexpr std::array<std::string_view, 3> shown{"constant", "constant:value=0.5",
                                                         "constant:value=0.1"};
  static constexpr std::string_view formula = "value";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    return std::array{param<&Constant::value>("value", 0.0, 1e6, "factor", "the factor")};
  }

  double operator()(const Clock& /*now*/) const { return value; }
};
inline const bool constant_registered = add<Constant>();

}  // namespace anneal::sched
