#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

namespace anneal::sched {

[[noreturn]] void fail_without_epoch();

class Memory;

/// Counts optimizer updates, never epochs or batches seen.
using Step = std::int64_t;

/// A validation loss (or another metric) measured after `step` updates.
struct Observation {
  Step step;
  double loss;
};

/// Everything a schedule may look at: a schedule is a pure function of a Clock.
///
/// A stage owns the updates [origin, origin + total). Combinators hand each sub-schedule its own
/// stage, so no schedule ever subtracts a warmup's length or asks whether "total" includes it.
/// Times are in updates and whole in a run; a combinator that stretches time makes fractions of
/// them, which is why they are real numbers (exact as integers up to 2^53).
struct Clock {
  double step = 0;   ///< updates done since the stage began; 0 before the first
  double total = 1;  ///< updates in the stage
  double steps_per_epoch =
      0;              ///< what a length such as 5ep is measured in; 0: not known, and see epoch()
  double origin = 0;  ///< updates done when the stage began
  std::span<const Observation> history = {};  ///< seen during the stage, oldest first
  /// Saves work, never changes a result; see memory.h. May be null.
  Memory* memory = nullptr;

  /// The moment before update `step` of a run, knowing only what had been seen by then: a finished
  /// run's log replays every factor the run used.
  static Clock at(Step step, Step total, Step steps_per_epoch = 0,
                  std::span<const Observation> log = {}, Memory* memory = nullptr) {
    const auto later = std::ranges::upper_bound(log, step, {}, &Observation::step);
    return {.step = static_cast<double>(step),
            .total = static_cast<double>(total),
            .steps_per_epoch = static_cast<double>(steps_per_epoch),
            .history = {log.begin(), later},
            .memory = memory};
  }

  /// Updates of the stage already done, never more than there are: past its end a schedule holds
  /// the value it has reached there.
  double elapsed() const { return std::clamp(step, 0.0, total); }

  /// Updates in an epoch. Throws std::invalid_argument when that is not known: 5ep would quietly be
  /// some other number of updates.
  double epoch() const {
    if (!(steps_per_epoch > 0.0)) fail_without_epoch();
    return steps_per_epoch;
  }

  /// Fraction of the stage already done: 0 at its first update, 1 past its last.
  double progress() const { return total > 0.0 ? elapsed() / total : 1.0; }

  /// This moment as seen from the sub-stage [begin, end) of this stage.
  Clock stage(double begin, double end) const {
    // An observation made at a boundary describes the stage that just ended.
    const auto first = begin == 0.0
                           ? history.begin()
                           : std::ranges::upper_bound(history, origin + begin, {}, [](auto& seen) {
                               return static_cast<double>(seen.step);
                             });
    return {.step = step - begin,
            .total = std::max(end - begin, 1.0),
            .steps_per_epoch = steps_per_epoch,
            .origin = origin + begin,
            .history = {first, history.end()},
            .memory = memory};
  }
};

/// A whole run, from which each of its moments comes: the length of an epoch is said once.
///
///     const sched::Run run{.total = 3 * 938, .steps_per_epoch = 938};
///     optimizer.step(schedule(run.at(step)));
struct Run {
  Step total;
  Step steps_per_epoch;

  Clock at(Step step, std::span<const Observation> log = {}, Memory* memory = nullptr) const {
    return Clock::at(step, total, steps_per_epoch, log, memory);
  }
};

}  // namespace anneal::sched
