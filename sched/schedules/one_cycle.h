#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

/// The peak is reached at the last update of the way up, and `end` at the last of all, as in
/// PyTorch. The momentum that goes with it is `one_cycle_momentum`.
struct OneCycle {
  Length up = percent(30);
  double start = 0.04;
  double end = 4e-6;
  Curve curve = Curve::cosine;
  bool three_phase = false;

  static constexpr std::string_view name = "one_cycle";
  static constexpr std::string_view help = "Up to the peak and down again, further than it began.";
  static constexpr std::string_view when =
      "For few epochs at a rate that is higher than a decay from the start would bear.";
  static constexpr std::array<std::string_view, 3> shown{
      "one_cycle", "one_cycle:up=50%,curve=linear", "one_cycle:up=45%,three_phase=true"};
  static constexpr std::string_view formula =
      "start to 1 at update up - 1, then to end at update total - 1, along `curve`";
  static constexpr std::string_view source =
      "Smith & Topin, Super-Convergence, 2018, section 3; PyTorch's OneCycleLR";
  static constexpr auto params() {
    return std::array{
        param<&OneCycle::up>("up", "the way up to the peak"),
        param<&OneCycle::start>("start", 0.0, 1.0, "factor", "factor at the first update"),
        param<&OneCycle::end>("end", 0.0, 1.0, "factor", "factor at the last update"),
        param<&OneCycle::curve>("curve", "how it goes up and down"),
        param<&OneCycle::three_phase>(
            "three_phase", "whether it goes down as it came up, and only then to the end")};
  }

  std::string expression(const Clock& window) const {
    const double last = window.total - 1.0;
    const double peak = std::min(up.in(window), window.total) - 1.0;
    const double back = three_phase ? 2.0 * peak : peak;
    if (!(peak > 0.0 && peak < last)) return {};
    std::string text =
        between_text(start, 1.0, 0.0, peak, curve) + " if step <= " + number_text(peak) + " else ";
    if (three_phase && back >= last) return text + between_text(1.0, start, peak, back, curve);
    if (three_phase)
      text += between_text(1.0, start, peak, back, curve) + " if step <= " + number_text(back) +
              " else ";
    return text + between_text(three_phase ? start : 1.0, end, back, last, curve);
  }
  double operator()(const Clock& now) const {
    const double last = now.total - 1.0;
    const double peak = std::min(up.in(now), now.total) - 1.0;
    const double step = std::min(now.elapsed(), last);
    if (step <= peak) return between(start, 1.0, peak > 0.0 ? step / peak : 1.0, curve);
    if (!three_phase) return between(1.0, end, (step - peak) / (last - peak), curve);
    const double back = 2.0 * peak;  // with a way up of over a half, only after the run
    if (step <= back) return between(1.0, start, (step - peak) / (back - peak), curve);
    return between(start, end, (step - back) / (last - back), curve);
  }
};
inline const bool one_cycle_registered = add<OneCycle>();

}  // namespace anneal::sched
