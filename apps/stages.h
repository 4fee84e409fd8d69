#pragma once
#include <span>
#include <string>

#include "sched/schedule.h"

namespace anneal::apps {

/// A warning for a run that ends with most of a schedule's curve unused, or that goes on for longer
/// than the whole schedule after its end; or nothing.
std::string note_on(std::span<const sched::Stage> stages);

}  // namespace anneal::apps
