#pragma once

#include <cstdint>
#include <string>

#include "apps/run_log.h"

namespace anneal::apps {

/// The numbers that the page's charts draw, as JSON. It holds none of the log's texts, so it may
/// stand inside a <script> element. Long runs are thinned to what a screen can show.
std::string page_data(const RunLog& log);

/// How many updates before and after a moment the smoothed loss on the page averages over.
std::int64_t smoothing_reach(const RunLog& log);

}  // namespace anneal::apps
