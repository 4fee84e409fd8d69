#pragma once
#include "apps/run_log.h"
#include "datasets/library.h"

namespace anneal::apps {

/// What a log says of where the data came from: name, origin, and the SHA-256 of each file.
Fields source_of(const datasets::TrainAndTest& data);

}  // namespace anneal::apps
