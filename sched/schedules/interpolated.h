#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

/// The first value is that of the first update. After the last place its value is held.
struct Interpolated {
  Lengths at = {percent(30), percent(100)};
  Numbers values = {0.1, 1.0, 0.0};
  Curve curve = Curve::linear;

  static constexpr std::string_view name = "interpolated";
  static constexpr std::string_view help = "A curve through given points.";
  static constexpr std::string_view when = "Where a curve is given by a few points.";
  static constexpr std::array<std::string_view, 3> shown{
      "interpolated", "interpolated:curve=cosine",
      "interpolated:at=[10%,70%,100%],values=[0,1,0.8,0]"};
  static constexpr std::string_view formula = "from each value to the next along `curve`";
  static constexpr std::string_view source = "Optax's piecewise_interpolate_schedule";
  static constexpr auto params() {
    return std::array{
        param<&Interpolated::at>(
            "at", "where the values after the first are reached, from the start of the stage"),
        param<&Interpolated::values>("values", 0.0, 1e6, "factor",
                                     "the values, one more than there are places"),
        param<&Interpolated::curve>("curve", "how it goes from each to the next")};
  }

  std::string complaint() const {
    if (values.size() == at.size() + 1) return {};
    return std::to_string(at.size()) + " places need " + std::to_string(at.size() + 1) +
           " values, got " + std::to_string(values.size());
  }
  std::string expression(const Clock& window) const {
    std::string text;
    double begin = 0.0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double end = at[i].in(window);
      if (end > begin)
        text += between_text(values[i], values[i + 1], begin, end, curve) + " if step < " +
                number_text(end) + " else ";
      begin = end;
    }
    return text + number_text(values.back());
  }
  double operator()(const Clock& now) const {
    std::size_t i = 0;
    while (i < at.size() && at[i].reached(now)) ++i;
    if (i == at.size()) return values.back();
    const double begin = i == 0 ? 0.0 : at[i - 1].in(now);
    return between(values[i], values[i + 1], (now.elapsed() - begin) / (at[i].in(now)-begin),
                   curve);
  }
};
inline const bool interpolated_registered = add<Interpolated>();

}  // namespace anneal::sched
