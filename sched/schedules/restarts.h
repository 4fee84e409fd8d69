#pragma once
#include "sched/registry.h"
#include "sched/schedules/cosine.h"

namespace anneal::sched {

/// `cycles(...)` does the same to any other curve.
struct Restarts {
  Length first = percent(20);
  double growth = 1.0;
  double decay = 1.0;
  int limit = 0;
  double floor = 0.0;
  double k = 1.0;

  static constexpr std::string_view name = "restarts";
  static constexpr std::string_view help =
      "Cosines that begin again, each longer or lower if wanted.";
  static constexpr std::string_view when = "For snapshots of several good models from one run.";
  static constexpr std::array<std::string_view, 3> shown{"restarts", "restarts:first=10%,growth=2",
                                                         "restarts:decay=0.6,floor=0.05"};
  static constexpr std::string_view formula =
      "floor + (max(decay^i, floor) - floor) (1 + cos(pi t_i^k)) / 2, t_i being the fraction of "
      "cycle i that "
      "is done";
  static constexpr std::string_view source =
      "Loshchilov & Hutter, SGDR, 2017, section 3; Zhang & Li, k-decay, 2020";
  static constexpr auto params() {
    return std::array{
        param<&Restarts::first>("first", "length of the first cycle"),
        param<&Restarts::growth>("growth", 0.01, 100.0, "",
                                 "each cycle is so many times as long as the one before"),
        param<&Restarts::decay>("decay", 0.001, 1.0, "factor",
                                "each cycle begins at so much of where the one before began"),
        param<&Restarts::limit>("limit", 0, 1000000, "cycles",
                                "after so many the floor is held; 0: no limit"),
        param<&Restarts::floor>("floor", 0.0, 1e6, "factor", "factor at the end of every cycle"),
        param<&Restarts::k>("k", 0.01, 100.0, "", "above 1, each cycle falls later")};
  }

  Schedule prepared() const {
    return cycles({first, growth, decay, limit, floor, false}, make(Cosine{.k = k}));
  }
};
inline const bool restarts_registered = add<Restarts>();

}  // namespace anneal::sched
