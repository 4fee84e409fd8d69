#pragma once
#include <memory>
#include <unordered_map>
#include <vector>

#include "sched/clock.h"

namespace anneal::sched {

/// What one run keeps so that schedules which look back need not begin at its first update again at
/// every other. The caller owns it, gives it to each Clock of a run, and may drop it at any time:
/// with or without it every factor is the same. Not for use by two runs, nor by two threads.
class Memory {
 public:
  /// What one schedule of an expression has made of the beginning of its stage.
  struct Place {
    double origin = 0;  ///< of the stage
    double total = 0;
    double steps_per_epoch = 0;
    std::size_t seen = 0;  ///< observations, or updates, that `state` has taken in
    Step last = 0;         ///< step of the newest observation
    std::shared_ptr<void> state = nullptr;
  };

  /// The place of a schedule in the clock's stage: one schedule may stand at several places of an
  /// expression. It stays where it is until the same schedule is asked about another stage.
  Place& of(const void* who, const Clock& now) {
    Places& places = all_[who];
    for (Place& place : places.recent)
      if (place.origin == now.origin && place.total == now.total &&
          place.steps_per_epoch == now.steps_per_epoch)
        return place;
    const Place fresh{
        .origin = now.origin, .total = now.total, .steps_per_epoch = now.steps_per_epoch};
    if (places.recent.size() < most) return places.recent.emplace_back(fresh);
    places.oldest = (places.oldest + 1) % most;  // a cycle that is over, most likely
    return places.recent[places.oldest] = fresh;
  }

 private:
  static constexpr std::size_t most = 16;
  struct Places {
    std::vector<Place> recent;
    std::size_t oldest = most - 1;  // the one that was made last
  };
  std::unordered_map<const void*, Places> all_;
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
    Memory::Place& place = now.memory->of(this, now);
    const bool goes_on = place.state && place.seen <= now.history.size() &&
                         (place.seen == 0 || now.history[place.seen - 1].step == place.last);
    if (!goes_on) {
      place.seen = 0;
      place.state = std::make_shared<State>();
    }
    State& state = *static_cast<State*>(place.state.get());
    for (; place.seen < now.history.size(); ++place.seen) {
      place.last = now.history[place.seen].step;
      watcher.observe(state, now.history[place.seen]);
    }
    return watcher.answer(state);
  }
};

}  // namespace anneal::sched
