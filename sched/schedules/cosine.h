#pragma once
#include "sched/curve.h"
#include "sched/registry.h"

namespace anneal::sched {

struct Cosine {
  double floor = 0.0;
  double exponent = 1.0;
  double half_cycles = 1.0;
  double k = 1.0;

  static constexpr std::string_view name = "cosine";
  static constexpr std::string_view help = "Half a cosine wave, from 1 down to floor.";
  static constexpr std::string_view when =
      "The usual choice for a run of known length: slow at both ends, nothing to tune.";
  static constexpr std::array<std::string_view, 3> shown{"cosine", "cosine:floor=0.1",
                                                         "cosine:exponent=2"};
  static constexpr std::string_view formula =
      "floor + (1 - floor) * ((1 + cos(pi * half_cycles * t ** k)) / 2) ** exponent";
  static constexpr std::string_view source =
      "Loshchilov & Hutter, SGDR, 2017, eq. 5; Zhang & Li, k-decay, 2020";
  static constexpr auto params() {
    return std::array{
        param<&Cosine::floor>("floor", 0.0, 1e6, "factor", "factor reached at the end"),
        param<&Cosine::exponent>("exponent", 0.01, 100.0, "", "exponent of (1 + cos) / 2"),
        param<&Cosine::half_cycles>("half_cycles", 0.01, 1000.0, "",
                                    "1 goes down; 2, down and up again"),
        param<&Cosine::k>("k", 0.01, 100.0, "",
                          "exponent of the progress t; above 1, it falls later")};
  }

  double operator()(const Clock& now) const {
    double t = now.progress();
    if (k != 1.0) t = std::pow(t, k);
    double wave = half_cosine(half_cycles * t);
    if (exponent != 1.0) wave = std::pow(wave, exponent);
    return floor + (1.0 - floor) * wave;
  }
};
inline const bool cosine_registered = add<Cosine>();

}  // namespace anneal::sched
