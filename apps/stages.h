#pragma once
#include <span>
#include <string>
#include <vector>

#include "apps/training.h"
#include "sched/schedule.h"

namespace anneal::apps {

/// A warning for a run that ends with most of a schedule's curve unused, or that goes on for longer
/// than the whole schedule after its end; or nothing.
std::string note_on(std::span<const sched::Stage> stages);

/// A warning for a schedule that leaves a run without a rate: where the factor is below a millionth
/// of its peak for over a tenth of the updates, nothing is learned. Most often the schedule was
/// written for epochs and gets updates; then `text`, as it was written, is shown within
/// per_epoch(). Or nothing.
std::string note_on_rate(const sched::Schedule& schedule, const std::string& text,
                         std::int64_t total_steps, std::int64_t steps_per_epoch);

/// A warning for another system's schedule that goes through all its rates in the first updates of
/// a run, as many as there are epochs: most often it was written to be stepped once an epoch. Or
/// nothing.
std::string note_on_epochs(const sched::Schedule& schedule, const std::string& text,
                           std::int64_t total_steps, std::int64_t steps_per_epoch);

/// All that is to be said of a run's schedules before it starts; `schedule` is its own, as it was
/// written.
std::vector<std::string> notes_on(const TrainingPlan& plan, const std::string& schedule);

}  // namespace anneal::apps
