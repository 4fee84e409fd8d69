#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "apps/memory_limit.h"
#include "apps/memory_need.h"
#include "apps/training.h"
#include "datasets/digits.h"
#include "tests/close.h"

using namespace anneal;
using namespace anneal::apps;
namespace fs = std::filesystem;

namespace {

/// A system whose files say what a test wants.
struct System {
  fs::path root = fs::temp_directory_path() / ("anneal_memory_test_" + std::to_string(::getpid()));
  System() { write("proc/meminfo", "MemTotal:        8000000 kB\nMemFree:  1 kB\n"); }
  ~System() {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }
};

std::string refusal(double limit, const MemoryNeed& need, int runs = 1) {
  try {
    refuse_beyond(limit, need, runs);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("memory is what the machine has, or less in a control group of either version") {
  const System system;
  CHECK(memory_limit(system.root) == 8'192'000'000.0);
  system.write("proc/self/cgroup", "4:memory:/batch/job\n3:cpuset,cpu:/other\n0::/\n");
  CHECK(memory_limit(system.root) == 8'192'000'000.0);
  // Version 1, whose word for "no limit" is a huge number.
  system.write("sys/fs/cgroup/memory/batch/job/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(memory_limit(system.root) == 8'192'000'000.0);
  system.write("sys/fs/cgroup/memory/batch/memory.limit_in_bytes",
               "2000000000\n");  // of the parent
  CHECK(memory_limit(system.root) == 2e9);
  system.write("sys/fs/cgroup/memory/other/memory.limit_in_bytes", "1000\n");  // not ours
  CHECK(memory_limit(system.root) == 2e9);
  // Version 2.
  system.write("proc/self/cgroup", "0::/slice/container\n");
  system.write("sys/fs/cgroup/slice/container/memory.max", "max\n");
  CHECK(memory_limit(system.root) == 8'192'000'000.0);
  system.write("sys/fs/cgroup/slice/container/memory.max", "1500000000\n");
  CHECK(memory_limit(system.root) == 1.5e9);
  // In a container the mount is the group, and the path outside of it means nothing.
  system.write("proc/self/cgroup", "0::/not/here\n");
  system.write("sys/fs/cgroup/memory.max", "1000000000\n");
  CHECK(memory_limit(system.root) == 1e9);
}

TEST_CASE("what a training takes is counted: parameters, gradients, slots, a batch") {
  const OptimizerOptions adam;
  const NetworkOptions one{.hidden = {100}};
  const double parameters = 785 * 100 + 101 * 10;
  MemoryNeed need = memory_need(one, adam, 784, 10, 64, 64);
  CHECK(need.parameters == 2 * 4 * parameters);
  CHECK(need.optimizer == 2 * 4 * parameters);
  CHECK(need.activations == 4 * 64 * (784 + 2 * 2 * 100 + 3 * 10));
  CHECK(memory_need(one, {.name = "sgd"}, 784, 10, 64, 64).optimizer == 4 * parameters);
  CHECK(memory_need(one, {.amsgrad = true}, 784, 10, 64, 64).optimizer == 3 * 4 * parameters);
  // An evaluation takes more examples than a small batch, and no gradients.
  need = memory_need(one, adam, 784, 10, 64, 1000);
  CHECK(need.activations == 4 * (1000 * (784 + 200 + 20) + 64 * 210));
  // Sizes that no integer holds.
  const NetworkOptions huge{.hidden = std::vector<nn::Index>(40, 1'000'000)};
  CHECK(memory_need(huge, adam, 784, 10, 64, 64).total() == close(16e12 * 39, 0.01));
}

TEST_CASE("a training below and at what there is may run; above, it is refused with the sizes") {
  const MemoryNeed need{.parameters = 8e9, .optimizer = 4e9, .activations = 0.5e9};
  CHECK(refusal(HUGE_VAL, need) == "none");
  CHECK(refusal(12.5e9, need) == "none");
  CHECK(refusal(std::nextafter(12.5e9, 0.0), need) ==
        "training would take 12 GB of memory, and there are 12 GB: 8.0 GB for the network's "
        "parameters and their gradients, 4.0 GB for the optimizer, 500 MB for a batch. Take "
        "smaller --hidden layers, or a smaller --batch-size");
  CHECK(refusal(37.5e9, need, 3) == "none");
  CHECK(
      refusal(37.4e9, need, 3)
          .starts_with(
              "training would take 38 GB of memory, for 3 runs at a time, and there are 37 GB: "));
}

TEST_CASE("a plan refuses what the machine has no memory for, before it takes any") {
  const datasets::TrainAndTest data{datasets::digits(1, 100, 0), datasets::digits(1, 50, 1)};
  TrainingOptions options;
  options.network.hidden = {1'000'000, 1'000'000, 1'000'000};
  CHECK_THROWS_WITH_AS(plan(options, data), doctest::Contains("training would take 32 TB"),
                       std::invalid_argument);
  options.network.hidden = {32};
  options.epochs = 20;
  CHECK(plan(options, data).memory.total() == close(16 * 25'450 + 4e5, 0.2));
}

TEST_CASE("bytes are told in units of thousands") {
  CHECK(bytes_text(0) == "0 bytes");
  CHECK(bytes_text(999) == "999 bytes");
  CHECK(bytes_text(1000) == "1.0 kB");
  CHECK(bytes_text(999'600) == "1.0 MB");
  CHECK(bytes_text(2.34e9) == "2.3 GB");
  CHECK(bytes_text(1.6e13) == "16 TB");
  CHECK(bytes_text(1e25) == "10000000 EB");
}
