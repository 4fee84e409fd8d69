#pragma once
#include "sched/registry.h"

namespace anneal::sched {

struct Piecewise {
  Lengths at = {percent(50), percent(75)};
  Numbers values = {1.0, 0.1, 0.01};

  static constexpr std::string_view name = "piecewise";
  static constexpr std::string_view help = "Constant between boundaries.";
  static constexpr std::string_view when = "Where rates are given by hand.";
  static constexpr std::array<std::string_view, 3> shown{
      "piecewise", "piecewise:at=[20%,60%],values=[0.2,1,0.5]",
      "piecewise:at=[25%,50%,75%],values=[1,0.5,0.25,0.125]"};
  static constexpr std::string_view formula = "values[number of boundaries that are reached]";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    return std::array{
        param<&Piecewise::at>("at", "where the next value begins, from the start of the stage"),
        param<&Piecewise::values>("values", 0.0, 1e6, "factor",
                                  "the values, one more than there are boundaries")};
  }

  std::string complaint() const {
    if (values.size() == at.size() + 1) return {};
    return std::to_string(at.size()) + " boundaries need " + std::to_string(at.size() + 1) +
           " values, got " + std::to_string(values.size());
  }
  std::string expression(const Clock& window) const {
    std::string text;
    for (std::size_t i = 0; i < at.size(); ++i)
      text += number_text(values[i]) + " if step < " + number_text(at[i].in(window)) + " else ";
    return text + number_text(values.back());
  }
  double operator()(const Clock& now) const {
    const auto passed =
        std::ranges::count_if(at, [&](const Length& boundary) { return boundary.reached(now); });
    return values[static_cast<std::size_t>(passed)];
  }
};
inline const bool piecewise_registered = add<Piecewise>();

}  // namespace anneal::sched
