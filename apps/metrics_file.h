#pragma once
#include <string>
#include <vector>

#include "sched/clock.h"

namespace anneal::apps {

/// A JSON array of numbers, of which entry t, counted from 0, was reported after update t; null
/// means that nothing was reported. Fails with the file and the entry.
std::vector<sched::Observation> read_metrics(const std::string& file);

}  // namespace anneal::apps
