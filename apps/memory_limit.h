#pragma once
#include <filesystem>

namespace anneal::apps {

/// Bytes of memory that this process may have at most: those of the machine, of its control group
/// and the groups around that (cgroup version 1 or 2), or of its own limit (ulimit -v), whichever
/// are fewest. Infinite where the system does not say. `root` is for tests, which have files in the
/// places where the system has them.
double memory_limit(const std::filesystem::path& root = "/");

}  // namespace anneal::apps
