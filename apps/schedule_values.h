#pragma once
#include "apps/training.h"

namespace anneal::apps {

/// Asks every schedule of a run about each of its updates before the first is computed, so that no
/// run ends in the middle because of what was known at its beginning. Throws std::invalid_argument
/// that names the option, the value and the update for a rate beyond what a float holds, or a value
/// that the optimizer or the network cannot take. What follows the losses is not known yet.
void check_schedule_values(const TrainingPlan& plan, const OptimizerOptions& optimizer);

}  // namespace anneal::apps
