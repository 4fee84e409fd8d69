#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// A milestone names the first update that runs at the lower rate; one that is given twice counts
/// twice, as in PyTorch's MultiStepLR.
struct MultiStep {
  double gamma = 0.1;
  Lengths at = {percent(50), percent(75)};

  static constexpr std::string_view name = "multistep";
  static constexpr std::string_view help =
      "Falls by the same factor at each of a list of milestones.";
  static constexpr std::string_view when =
      "To reproduce older image models, which fall at a half and three quarters of the run.";
  static constexpr std::array<std::string_view, 3> shown{"multistep", "multistep:gamma=0.3",
                                                         "multistep:gamma=0.5,at=[25%,50%,75%]"};
  static constexpr std::string_view formula = "gamma ^ (number of milestones that are reached)";
  static constexpr std::string_view source =
      "Zagoruyko & Komodakis, Wide Residual Networks, 2016, section 3";
  static constexpr auto params() {
    return std::array{param<&MultiStep::gamma>("gamma", 0.0, 1e6, "factor",
                                               "multiplies the factor at each milestone"),
                      param<&MultiStep::at>("at", "the milestones, from the start of the stage")};
  }

  std::string expression(const Clock& window) const {
    std::string passed;
    for (const Length& milestone : at)
      passed +=
          (passed.empty() ? "" : " + ") + ("(step >= " + number_text(milestone.in(window)) + ")");
    return at.empty() ? "1" : number_text(gamma) + " ** (" + passed + ")";
  }
  double operator()(const Clock& now) const {
    const auto passed =
        std::ranges::count_if(at, [&](const Length& milestone) { return milestone.reached(now); });
    return std::pow(gamma, static_cast<double>(passed));
  }
};
inline const bool multistep_registered = add<MultiStep>();

}  // namespace anneal::sched
