#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

/// The default takes a momentum of 0.95 down to 0.85.
struct OneCycleMomentum {
  Length up = percent(30);
  double low = 0.8947368421052632;
  Curve curve = Curve::cosine;
  bool three_phase = false;

  static constexpr std::string_view name = "one_cycle_momentum";
  static constexpr std::string_view help = "For the momentum: low where one_cycle is high.";
  static constexpr std::string_view when = "As the momentum beside one_cycle.";
  static constexpr std::array<std::string_view, 3> shown{
      "one_cycle_momentum", "one_cycle_momentum:up=50%,curve=linear", "one_cycle_momentum:low=0.8"};
  static constexpr std::string_view formula =
      "1 to low at update up - 1, then to 1 at update total - 1, along `curve`";
  static constexpr std::string_view source =
      "Smith, A Disciplined Approach to Neural Network Hyper-Parameters, 2018, section 4.3";
  static constexpr auto params() {
    return std::array{
        param<&OneCycleMomentum::up>("up", "the way down to the lowest momentum"),
        param<&OneCycleMomentum::low>("low", 0.0, 1.0, "factor",
                                      "factor where the learning rate has its peak"),
        param<&OneCycleMomentum::curve>("curve", "how it goes down and up"),
        param<&OneCycleMomentum::three_phase>(
            "three_phase", "whether it is back already where the third phase begins")};
  }

  std::string expression(const Clock& window) const {
    const double last = window.total - 1.0;
    const double peak = std::min(up.in(window), window.total) - 1.0;
    const double back = three_phase ? 2.0 * peak : last;
    if (!(peak > 0.0 && back > peak)) return {};
    return between_text(1.0, low, 0.0, peak, curve) + " if step <= " + number_text(peak) +
           " else " + between_text(low, 1.0, peak, back, curve) + " if step < " +
           number_text(back) + " else 1";
  }
  double operator()(const Clock& now) const {
    const double last = now.total - 1.0;
    const double peak = std::min(up.in(now), now.total) - 1.0;
    const double step = std::min(now.elapsed(), last);
    if (step <= peak) return between(1.0, low, peak > 0.0 ? step / peak : 1.0, curve);
    const double back = three_phase ? 2.0 * peak : last;
    if (step >= back) return 1.0;
    return between(low, 1.0, (step - peak) / (back - peak), curve);
  }
};
inline const bool one_cycle_momentum_registered = add<OneCycleMomentum>();

}  // namespace anneal::sched
