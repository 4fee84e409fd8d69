#include <doctest/doctest.h>
#include <omp.h>

#include "own_products.h"
#include "training_step.h"

using namespace anneal::nn;

TEST_CASE("training gives the same bits on 1, 2, 3, 4 and 8 threads, and learns") {
  if (!own_products()) return;
  const int before = omp_get_max_threads();
  std::vector<Scalar> weights;
  for (const int threads : {1, 2, 3, 4, 8}) {
    omp_set_num_threads(threads);
    TrainingStep training(203);
    const Scalar first = training.run(203);
    Scalar last = first;
    for (int i = 0; i < 20; ++i) last = training.run(i % 3 == 2 ? 77 : 203);
    CHECK(last < Scalar(0.8) * first);
    if (weights.empty()) weights = training.weights();
    CHECK(training.weights() == weights);
  }
  omp_set_num_threads(before);
}
