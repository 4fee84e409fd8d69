#include "apps/schedule_values.h"

#include <fmt/format.h>

#include <limits>

#include "apps/fail.h"
#include "sched/memory.h"

namespace anneal::apps {
namespace {

/// Values that may be had: [low, high), or (low, high).
struct Range {
  double low = 0.0;
  double high = std::numeric_limits<float>::max();
  bool without_low = false;

  bool holds(double value) const {
    return (without_low ? value > low : value >= low) && value < high;
  }
};

/// Whether `base` times the schedule is in the range at each update.
void check(const sched::Schedule& schedule, double base, const Range& range,
           const std::string& option, const TrainingPlan& plan) {
  if (schedule.watches_losses()) return;
  sched::Memory memory;
  for (std::int64_t step = 0; step < plan.total_steps; ++step) {
    const auto now = sched::Clock::at(step, plan.total_steps, plan.steps_per_epoch, {}, &memory);
    const double value = base * schedule(now);
    if (!range.holds(value))
      fail(Fault::argument,
           fmt::format("{} is {:.6g} at update {} of {}; wanted a number in {}{}, {:.6g})", option,
                       value, step, plan.total_steps, range.without_low ? '(' : '[', range.low,
                       range.high));
  }
}

}  // namespace

void check_schedule_values(const TrainingPlan& plan, const OptimizerOptions& optimizer) {
  const double base_lr = base_lr_of(optimizer);
  check(plan.schedule, base_lr, {}, "the learning rate", plan);
  for (const LrGroup& group : plan.lr_groups)
    check(group.schedule, base_lr, {}, "the learning rate of '" + group.pattern + "'", plan);
  for (const Followed& f : plan.followed) {
    Range range;
    if (f.what != Hyper::weight_decay) range.high = 1.0;
    range.without_low = f.what == Hyper::momentum && optimizer.nesterov;
    check(f.schedule, f.base, range,
          f.of_peer ? name_of(f.what) + " (cycle_momentum)" : "--" + name_of(f.what) + "-schedule",
          plan);
  }
}

}  // namespace anneal::apps
