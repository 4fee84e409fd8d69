#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

namespace anneal::sched {

/// Counts optimizer updates, never epochs or batches seen.
using Step = std::int64_t;

/// A validation loss measured after `step` updates.
struct Observation {
  Step step;
  double loss;
};

/// Everything a schedule may look at: a schedule is a pure function of a Clock.
///
/// A stage owns the updates [origin, origin + total). Combinators hand each sub-schedule its own
/// stage, so no schedule ever subtracts a warmup's length or asks whether "total" includes it.
struct Clock {
  Step step = 0;             ///< updates done since the stage began; 0 before the first
  Step total = 1;            ///< updates in the stage
  Step steps_per_epoch = 1;  ///< what a length such as 5ep is measured in
  Step origin = 0;           ///< updates done when the stage began
  std::span<const Observation> history = {};  ///< seen during the stage, oldest first

  /// The moment before update `step` of a run, knowing only what had been seen by then: a finished
  /// run's log replays every factor the run used.
  static Clock at(Step step, Step total, Step steps_per_epoch, std::span<const Observation> log) {
    const auto later = std::ranges::upper_bound(log, step, {}, &Observation::step);
    return {.step = step,
            .total = total,
            .steps_per_epoch = steps_per_epoch,
            .history = {log.begin(), later}};
  }

  /// Updates of the stage already done, never more than there are: past its end a schedule holds
  /// the value it has reached there.
  Step elapsed() const { return std::clamp<Step>(step, 0, total); }

  /// Fraction of the stage already done: 0 at its first update, 1 past its last.
  double progress() const {
    return static_cast<double>(elapsed()) / static_cast<double>(std::max<Step>(total, 1));
  }

  /// This moment as seen from the sub-stage [begin, end) of this stage.
  Clock stage(Step begin, Step end) const {
    // An observation made at a boundary describes the stage that just ended.
    const auto first =
        begin == 0 ? history.begin()
                   : std::ranges::upper_bound(history, origin + begin, {}, &Observation::step);
    return {.step = step - begin,
            .total = std::max<Step>(end - begin, 1),
            .steps_per_epoch = steps_per_epoch,
            .origin = origin + begin,
            .history = {first, history.end()}};
  }
};

}  // namespace anneal::sched
