#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

namespace anneal::apps {

/// How many threads this process should use: as many as there are processors that it may run on (a
/// batch system or taskset may allow it some of them), or fewer if control groups allow less
/// processor time, or OMP_NUM_THREADS or OMP_THREAD_LIMIT say so. At least 1.
int cores();

/// What cores() is the least of.
struct CoreLimits {
  int processors = 1;
  std::optional<double> quota = {};       ///< processors' worth of time
  std::string_view omp_num_threads = {};  ///< "4", or "4,2" for nested regions
  int omp_thread_limit = 1;
};
/// A quota between two numbers counts as the lower: what is above it would wait. What is not a list
/// of numbers from 1 is ignored, as OpenMP does.
int cores_of(const CoreLimits& limits);

/// The time that the control groups of this process allow it, in processors: the least of its own
/// group's and of those that it lies in, of version 1 and 2; none if there is no limit. `root`
/// stands for the root of the file system.
std::optional<double> cgroup_quota(const std::filesystem::path& root = "/");

}  // namespace anneal::apps
