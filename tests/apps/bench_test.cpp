#include <doctest/doctest.h>

#include "apps/bench/workloads.h"
#include "datasets/library.h"

using namespace anneal;
using namespace anneal::apps;

TEST_CASE("the work of a workload is counted as its net has it") {
  const auto all = workloads();
  REQUIRE(all.size() == 4);
  CHECK(multiply_adds(all[0], 784, 10) == 2 * 784 * 128 + 3 * 128 * 10);
  CHECK(multiply_adds(all[1], 784, 10) == 2 * 784 * 512 + 3 * 512 * 256 + 3 * 256 * 10);
  CHECK(multiply_adds(all[3], 784, 10) == 784 * 512 + 512 * 256 + 256 * 10);  // forward alone
  CHECK(parameters(all[0], 784, 10) == 784 * 128 + 128 + 128 * 10 + 10);
  CHECK(parameters(all[3], 784, 10) == parameters(all[1], 784, 10));
}

TEST_CASE("a workload trains, whatever the number of threads, to the same accuracy") {
  const auto data = datasets::load("digits", {.generated_train = 2000, .generated_test = 500});
  for (const Workload& workload : workloads()) {
    if (workload.name == "W3") continue;  // a minute without vector instructions
    CAPTURE(workload.name);
    const Speed one = measure(workload, data, 1, 1);
    const Speed two = measure(workload, data, 2, 1);
    CHECK(one.test_accuracy == two.test_accuracy);
    CHECK(one.test_accuracy > 0.3);  // chance is 0.1
  }
}
