#include "apps/cores.h"

#include <omp.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

bool lists(const std::string& words, std::string_view wanted) {
  const std::vector<std::string> all = split(words, ',');
  return std::ranges::find(all, wanted) != all.end();
}

/// A hierarchy of control groups that limits processor time: /proc/self/cgroup and mountinfo,
/// proc(5) and cgroups(7).
struct Hierarchy {
  bool second;    ///< version 2
  fs::path root;  ///< which group is mounted
  fs::path mount_point;
};

/// "\040" stands for a blank.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    const char* const digits = text.data() + i + 1;
    const bool escape = text[i] == '\\' && i + 3 < text.size() &&
                        std::from_chars(digits, digits + 3, code, 8).ptr == digits + 3;
    out += escape ? static_cast<char>(code) : text[i];
    if (escape) i += 3;
  }
  return out;
}

/// "36 35 0:33 /root /mount/point rw,noatime master:1 - cgroup2 cgroup2 rw,nsdelegate"
std::optional<Hierarchy> hierarchy_of(const std::string& mount) {
  const std::size_t dash = mount.find(" - ");
  if (dash == std::string::npos) return {};
  const std::vector<std::string> before = split(mount.substr(0, dash), ' ');
  const std::vector<std::string> after = split(mount.substr(dash + 3), ' ');
  if (before.size() < 5 || after.size() < 3) return {};
  const bool second = after[0] == "cgroup2";
  if (!second && !(after[0] == "cgroup" && lists(after[2], "cpu"))) return {};
  return Hierarchy{second, unescaped(before[3]), unescaped(before[4])};
}

/// The group of this process: "0::/path" in version 2, "4:cpu,cpuacct:/path" in version 1.
std::optional<fs::path> group_in(const Hierarchy& hierarchy, const fs::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (hierarchy.second ? controllers.empty() : lists(controllers, "cpu"))
      return line.substr(second + 1);
  }
  return {};
}

template <class Number>
std::optional<Number> number_in(std::istream& in) {
  Number number{};
  return in >> number ? std::optional(number) : std::nullopt;
}

std::optional<double> quota_in(const fs::path& folder, bool second) {
  std::ifstream first_file(folder / (second ? "cpu.max" : "cpu.cfs_quota_us"));
  const auto quota = number_in<double>(first_file);  // "max", or -1: no limit
  std::ifstream second_file(folder / "cpu.cfs_period_us");
  const auto period = number_in<double>(second ? first_file : second_file);
  if (!quota || !period || *quota <= 0.0 || *period <= 0.0) return {};
  return *quota / *period;
}

}  // namespace

std::optional<double> cgroup_quota(const fs::path& root) {
  std::optional<double> least;
  std::ifstream mounts(root / "proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const std::optional<Hierarchy> hierarchy = hierarchy_of(line);
    const auto group = hierarchy ? group_in(*hierarchy, root) : std::nullopt;
    if (!group) continue;
    // From the group that is mounted down to that of the process, if it lies there: in a container
    // it may lie elsewhere, and then the mounted group is the container's.
    fs::path folder = root / hierarchy->mount_point.relative_path();
    const fs::path below = group->lexically_relative(hierarchy->root);
    std::vector<fs::path> names{""};
    if (!below.empty() && *below.begin() != "..")
      names.insert(names.end(), below.begin(), below.end());
    for (const fs::path& name : names) {
      if (!name.empty()) folder /= name;
      const auto quota = quota_in(folder, hierarchy->second);
      if (quota && (!least || *quota < *least)) least = quota;
    }
  }
  return least;
}

int cores_of(const CoreLimits& limits) {
  int least = std::min(limits.processors, limits.omp_thread_limit);
  if (limits.quota && *limits.quota < least) least = static_cast<int>(*limits.quota);
  std::istringstream list{std::string(limits.omp_num_threads)};
  const auto asked = number_in<int>(list);
  if (asked && *asked > 0) least = std::min(least, *asked);
  return std::max(least, 1);
}

int cores() {
  static const std::optional<double> quota = cgroup_quota();
  const char* const asked = std::getenv("OMP_NUM_THREADS");  // NOLINT(concurrency-mt-unsafe): read
  return cores_of({.processors = omp_get_num_procs(),
                   .quota = quota,
                   .omp_num_threads = asked != nullptr ? asked : "",
                   .omp_thread_limit = omp_get_thread_limit()});
}

}  // namespace anneal::apps
