#include "apps/memory_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

/// "MemTotal:  16316412 kB"
double of_machine(const fs::path& root) {
  std::ifstream info(root / "proc/meminfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("MemTotal:")) return 1024.0 * std::stod(line.substr(9));
  return HUGE_VAL;
}

/// A group's file holds a number of bytes, or "max".
double in_file(const fs::path& file) {
  std::ifstream in(file);
  double bytes = 0.0;
  return in >> bytes ? bytes : HUGE_VAL;
}

/// Of a group and of all around it. In a container the mount may begin at the group itself: then
/// its path leads nowhere, and the mount's own file counts.
double of_groups(const fs::path& mount, fs::path group, const char* file) {
  double least = in_file(mount / file);
  for (group = group.relative_path(); !group.empty(); group = group.parent_path())
    least = std::min(least, in_file(mount / group / file));
  return least;
}

/// The lines of /proc/self/cgroup are "4:memory:/batch/job1" for a controller of version 1, and
/// "0::/batch/job1" for version 2.
double of_group(const fs::path& root) {
  double least = HUGE_VAL;
  std::ifstream groups(root / "proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    const fs::path mount = root / "sys/fs/cgroup";
    if (controllers == ",,") least = std::min(least, of_groups(mount, group, "memory.max"));
    if (controllers.find(",memory,") != std::string::npos)
      least = std::min(least, of_groups(mount / "memory", group, "memory.limit_in_bytes"));
  }
  return least;
}

double of_process() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return HUGE_VAL;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

double memory_limit(const fs::path& root) {
  return std::min({of_machine(root), of_group(root), of_process()});
}

}  // namespace anneal::apps
