#include <doctest/doctest.h>
#include <omp.h>

#include "../allocations.h"
#include "own_products.h"
#include "training_step.h"

using namespace anneal::nn;

TEST_CASE("the counter sees operator new, aligned new and Eigen") {
  const auto during = [](const auto& work) {
    const long before = allocations::count;
    work();
    return allocations::count - before;
  };
  CHECK(during([] { const auto v = std::make_shared<std::vector<int>>(100); }) >= 1);
  CHECK(during([] { const Tensor t(Shape{10}); }) >= 1);
  CHECK(during([] { const Eigen::MatrixXd m = Eigen::MatrixXd::Random(20, 20); }) >= 1);
  CHECK(during([] {}) == 0);
}

TEST_CASE("a training step after the first allocates nothing, nor does a smaller batch") {
  if (!own_products()) return;
  const int threads_before = omp_get_max_threads();
  for (const int threads : {1, 2}) {
    omp_set_num_threads(threads);
    TrainingStep training(128);
    training.run(128);
    const long before = allocations::count;
    for (int i = 0; i < 5; ++i) {
      training.run(128);
      training.run(37);  // the last batch of an epoch
    }
#ifdef __clang__
    if (threads > 1) {
      MESSAGE(
          "not claimed of two threads with LLVM's OpenMP, which itself allocates for each region");
      continue;
    }
#endif
    CHECK(allocations::count - before == 0);
  }
  omp_set_num_threads(threads_before);
}
