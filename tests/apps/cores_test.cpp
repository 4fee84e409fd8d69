#include "apps/cores.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <fstream>
#include <string>

using namespace anneal::apps;

namespace {

namespace fs = std::filesystem;

/// A root of a file system with the files that say which control groups there are.
struct Root {
  fs::path path = fs::temp_directory_path() / ("anneal_cores_test_" + std::to_string(::getpid()));
  Root() { fs::remove_all(path); }
  ~Root() { fs::remove_all(path); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  void write(const fs::path& file, const std::string& text) const {
    const fs::path place = path / file.relative_path();
    fs::create_directories(place.parent_path());
    std::ofstream(place) << text;
  }
  std::optional<double> quota() const { return cgroup_quota(path); }
};

constexpr const char* mount_2 =
    "22 1 0:20 / /proc rw - proc proc rw\n"
    "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* mounts_1 =
    "31 30 0:27 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    "32 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n";

}  // namespace

TEST_CASE("version 2: the least quota on the way to the group counts") {
  const Root root;
  root.write("/proc/self/mountinfo", mount_2);
  root.write("/proc/self/cgroup", "0::/slurm/job_7/step\n");
  CHECK_FALSE(root.quota());
  const auto limit = [&](const char* group, const char* text) {
    root.write(fs::path("/sys/fs/cgroup") / group / "cpu.max", text);
  };
  limit("slurm/job_7/step", "max 100000\n");
  CHECK_FALSE(root.quota());
  limit("slurm/job_7", "300000 100000\n");
  CHECK(root.quota() == 3.0);
  limit("slurm/job_7/step", "75000 50000\n");
  CHECK(root.quota() == 1.5);
  limit("slurm", "100000 100000\n");
  CHECK(root.quota() == 1.0);
  limit("slurm/other", "1000 100000\n");
  CHECK(root.quota() == 1.0);
}

TEST_CASE("version 1: the hierarchy of cpu, not that of cpuset, and -1 is no limit") {
  const Root root;
  root.write("/proc/self/mountinfo", mounts_1);
  root.write("/proc/self/cgroup", "5:cpuset:/elsewhere\n4:cpu,cpuacct:/user/me\n0::/\n");
  const fs::path group = "/sys/fs/cgroup/cpu,cpuacct/user/me";
  root.write(group / "cpu.cfs_period_us", "100000\n");
  root.write(group / "cpu.cfs_quota_us", "-1\n");
  CHECK_FALSE(root.quota());
  root.write(group / "cpu.cfs_quota_us", "250000\n");
  CHECK(root.quota() == 2.5);
  root.write(group.parent_path() / "cpu.cfs_quota_us", "50000\n");
  root.write(group.parent_path() / "cpu.cfs_period_us", "100000\n");
  CHECK(root.quota() == 0.5);
}

TEST_CASE("in a container the group that is mounted counts") {
  const Root root;
  root.write("/sys/fs/cgroup/cpu.max", "200000 100000\n");
  for (const char* group : {"0::/\n", "0::/../../other\n", "0::/docker/1234\n"}) {
    CAPTURE(group);
    root.write("/proc/self/mountinfo", mount_2);
    root.write("/proc/self/cgroup", group);
    CHECK(root.quota() == 2.0);
    root.write("/proc/self/mountinfo",
               "30 24 0:26 /docker/1234 /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n");
    CHECK(root.quota() == 2.0);
  }
  root.write("/proc/self/mountinfo", "30 24 0:26 / /a\\040place rw - cgroup2 cgroup2 rw\n");
  root.write("/a place/cpu.max", "100000 100000\n");
  CHECK(root.quota() == 1.0);
}

TEST_CASE("without control groups, or with files that say something else, there is no quota") {
  const Root root;
  CHECK_FALSE(root.quota());
  for (const char* text : {"", "\n", "30 24\n", "a - b\n", " - \n", "1 2 3 4 5 - cgroup2 x y\n"}) {
    root.write("/proc/self/mountinfo", text);
    for (const char* group : {"", "0::", ":", "::\n", "0:/\n"}) {
      root.write("/proc/self/cgroup", group);
      CHECK_FALSE(root.quota());
    }
  }
  root.write("/proc/self/mountinfo", mount_2);
  root.write("/proc/self/cgroup", "0::/\n");
  for (const char* text : {"", "max", "100000", "x y", "100000 0", "0 100000", "-1 100000"}) {
    root.write("/sys/fs/cgroup/cpu.max", text);
    CHECK_FALSE(root.quota());
  }
}

TEST_CASE("threads follow the least of processors, quota and OpenMP's variables") {
  const auto cores = [](std::optional<double> quota, std::string_view asked, int limit = 1000) {
    return cores_of(
        {.processors = 8, .quota = quota, .omp_num_threads = asked, .omp_thread_limit = limit});
  };
  CHECK(cores({}, "") == 8);
  CHECK(cores(1.0, "") == 1);
  CHECK(cores(0.2, "") == 1);
  CHECK(cores(2.9, "") == 2);
  CHECK(cores(64.0, "") == 8);
  CHECK(cores({}, "1") == 1);
  CHECK(cores({}, "4,2") == 4);
  CHECK(cores({}, " 3 , 2") == 3);
  CHECK(cores({}, "16") == 8);
  CHECK(cores(2.0, "4") == 2);
  CHECK(cores({}, "", 5) == 5);
  for (const char* wrong : {"0", "-3", "many", ",4", "99999999999999"})
    CHECK(cores({}, wrong) == 8);
  CHECK(anneal::apps::cores() >= 1);
}
