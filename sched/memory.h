#pragma once
#include <memory>
#include <vector>

#include "sched/clock.h"

namespace anneal::sched {

/// What one run keeps so that schedules which follow the losses need not read the whole log again
/// at every update. The caller owns it, gives it to each Clock of a run, and may drop it at any
/// time: with or without it every factor is the same. Not for use by two runs, nor by two threads.
class Memory {
 public:
  /// What one schedule of an expression has made of the beginning of its history.
  struct Place {
    const void* who;
    double origin = 0;     ///< of the stage it stood in
    std::size_t seen = 0;  ///< observations, or steps, that `state` has taken in
    Step last = 0;         ///< step of the newest of them
    std::shared_ptr<void> state;
  };

  Place& of(const void* who) {
    for (Place& place : places_)
      if (place.who == who) return place;
    return places_.emplace_back(Place{.who = who, .state = nullptr});
  }

 private:
  std::vector<Place> places_;  // a handful: an expression has few schedules that remember
};

/// A schedule that follows the losses, written as what it makes of each: its State begins as
/// declared, observe() takes in one more loss, answer() is the factor.
template <class S>
concept Watcher = requires(const S& s, typename S::State& state, const Observation& seen) {
  s.observe(state, seen);
  s.answer(state);
};

/// A Watcher as a function of the Clock: it takes in the stage's history from the beginning, or
/// from where the Clock's memory has got to.
template <Watcher S>
struct Fold {
  S watcher;

  double operator()(const Clock& now) const {
    using State = typename S::State;
    if (now.memory == nullptr) {
      State state;
      for (const Observation& seen : now.history) watcher.observe(state, seen);
      return watcher.answer(state);
    }
    Memory::Place& place = now.memory->of(this);
    const bool goes_on = place.state && place.origin == now.origin &&
                         place.seen <= now.history.size() &&
                         (place.seen == 0 || now.history[place.seen - 1].step == place.last);
    if (!goes_on) place = {.who = this, .origin = now.origin, .state = std::make_shared<State>()};
    State& state = *static_cast<State*>(place.state.get());
    for (; place.seen < now.history.size(); ++place.seen) {
      place.last = now.history[place.seen].step;
      watcher.observe(state, now.history[place.seen]);
    }
    return watcher.answer(state);
  }
};

}  // namespace anneal::sched
