#pragma once
#include <cmath>
#include <deque>
#include <limits>

#include "sched/registry.h"

namespace anneal::sched {

/// Where plateau only ever falls, this also climbs, while the loss keeps improving. Held at its
/// floor for long, it begins anew.
struct Greedy {
  double factor = 0.95;
  int patience = 10;
  double threshold = 1e-6;
  bool relative = false;
  int cooldown = 0;
  int pause = 0;
  double floor = 0.01;
  double ceiling = 10.0;
  double smallest_change = 0.0;
  bool maximize = false;
  int window = 1;
  int reset_after = 500;

  static constexpr std::string_view name = "greedy";
  static constexpr std::string_view help =
      "Climbs while the loss keeps improving, falls while it does not.";
  static constexpr std::string_view when =
      "To try a rate that looks after itself; it can climb too far.";
  static constexpr std::array<std::string_view, 3> shown{
      "greedy:patience=3", "greedy:patience=1,factor=0.9", "greedy:patience=5,factor=0.8"};
  static constexpr std::string_view formula = "factor ^ (number of falls - number of climbs)";
  static constexpr std::string_view source =
      "Subramanian & Ganapathiraman, Zeroth Order GreedyLR, 2023; Hugging Face's GreedyLR";
  static constexpr auto params() {
    return std::array{
        param<&Greedy::factor>("factor", 0.001, 0.999999, "factor",
                               "multiplies the factor at each fall, divides it at each climb"),
        param<&Greedy::patience>("patience", 0, 100000, "evaluations",
                                 "good or bad evaluations in a row that change nothing"),
        param<&Greedy::threshold>("threshold", 0.0, 1e6, "", "an improvement is by more than this"),
        param<&Greedy::relative>("relative", "whether threshold is a fraction of the best loss"),
        param<&Greedy::cooldown>("cooldown", 0, 100000, "evaluations",
                                 "evaluations after a fall that do not count"),
        param<&Greedy::pause>("pause", 0, 100000, "evaluations",
                              "evaluations after a climb that do not count"),
        param<&Greedy::floor>("floor", 0.0, 1e6, "factor", "the factor falls no lower"),
        param<&Greedy::ceiling>("ceiling", 0.0, 1e6, "factor", "the factor climbs no higher"),
        param<&Greedy::smallest_change>("smallest_change", 0.0, 1e6, "factor",
                                        "a change by no more than this is not made"),
        param<&Greedy::maximize>("maximize", "whether higher is better, as for an accuracy"),
        param<&Greedy::window>("window", 1, 100000, "evaluations",
                               "the loss is the mean of so many"),
        param<&Greedy::reset_after>("reset_after", 1, 1000000, "falls",
                                    "after so many at the floor it begins anew")};
  }

  struct State {
    double current = 1.0;
    double best = std::numeric_limits<double>::infinity();  // sign turned if maximizing
    int good = 0;
    int bad = 0;
    int waiting = 0;
    int falls_at_floor = 0;
    std::deque<double> recent;
    double sum = 0.0;
  };

  void observe(State& s, const Observation& seen) const {
    const double loss = (maximize ? -1.0 : 1.0) * smoothed(s, seen.loss);
    if (s.waiting > 0) {
      --s.waiting;
      s.good = s.bad = 0;
      return;
    }
    if (loss < wanted(s.best)) {
      s.best = loss;
      s.bad = 0;
      ++s.good;
    } else {
      s.good = 0;
      ++s.bad;
    }
    if (s.good > patience)
      climb(s);
    else if (s.bad > patience)
      fall(s);
  }
  double answer(const State& s) const { return s.current; }

 private:
  double smoothed(State& s, double loss) const {
    s.recent.push_back(loss);
    s.sum += loss;
    if (s.recent.size() > static_cast<std::size_t>(window)) {
      s.sum -= s.recent.front();
      s.recent.pop_front();
    }
    return window == 1 ? loss : s.sum / static_cast<double>(s.recent.size());
  }
  double wanted(double best) const {
    if (std::isinf(best) || !relative) return best - threshold;
    return best - threshold * (maximize ? -best : best);
  }
  void climb(State& s) const {
    const double higher = std::min(s.current / factor, ceiling);
    if (higher - s.current > smallest_change) s.current = higher;
    s.falls_at_floor = 0;
    s.waiting = pause;
    s.good = 0;
  }
  void fall(State& s) const {
    const double lower = std::max(s.current * factor, floor);
    if (s.current - lower > smallest_change) s.current = lower;
    s.waiting = cooldown;
    s.bad = 0;
    if (s.current <= floor && ++s.falls_at_floor >= reset_after) s = State{};
  }
};
inline const bool greedy_registered = add<Greedy>();

}  // namespace anneal::sched
