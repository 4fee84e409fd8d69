#pragma once
#include <optional>

namespace anneal::apps {

/// Seconds that a line of memory takes from one core to another and back; none where there is but
/// one core. It says how far apart the cores are, which decides what two threads are good for: 80
/// ns within a group that shares a cache, 400 ns between two. A virtual machine's cores may be
/// moved from minute to minute.
std::optional<double> exchange_seconds();

}  // namespace anneal::apps
