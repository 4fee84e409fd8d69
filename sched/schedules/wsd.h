#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

/// `warmup@5% | wsd` is warmup-stable-decay. An exponential cooldown needs a floor above 0.
struct Wsd {
  Length decay = percent(20);
  Curve curve = Curve::sqrt;
  double floor = 0.0;

  static constexpr std::string_view name = "wsd";
  static constexpr std::string_view help =
      "Stable, then a cooldown; the warmup is a stage before it.";
  static constexpr std::string_view when =
      "Where a run may be prolonged: the stable stage needs no end, only the cooldown does.";
  static constexpr std::array<std::string_view, 3> shown{"wsd", "wsd:curve=linear,decay=40%",
                                                         "wsd:curve=cosine,decay=60%,floor=0.1"};
  static constexpr std::string_view formula = "1 until total - decay, then `curve` down to floor";
  static constexpr std::string_view source =
      "Hu et al., MiniCPM, 2024, section 4 (warmup-stable-decay); Haegele et al., 2024 (curves)";
  static constexpr auto params() {
    return std::array{param<&Wsd::decay>("decay", "the cooldown at the end of the stage"),
                      param<&Wsd::curve>("curve", "how it cools down"),
                      param<&Wsd::floor>("floor", 0.0, 1e6, "factor", "factor reached at the end")};
  }

  std::string expression(const Clock& window) const {
    const double begin = window.total - std::min(decay.in(window), window.total);
    return "1 if step < " + number_text(begin) + " else " +
           between_text(1.0, floor, begin, window.total, curve);
  }
  double operator()(const Clock& now) const {
    const double cooldown = std::min(decay.in(now), now.total);
    return between(1.0, floor, (now.elapsed() - (now.total - cooldown)) / cooldown, curve);
  }
};
inline const bool wsd_registered = add<Wsd>();

}  // namespace anneal::sched
