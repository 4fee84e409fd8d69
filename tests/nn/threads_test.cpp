#include <doctest/doctest.h>
#include <omp.h>

#include <chrono>
#include <thread>

#include "nn/autograd/parallel.h"
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

TEST_CASE("a plain loop over passes gets one thread where several wait for each other") {
  if (!own_products()) return;
  const int before = omp_get_max_threads();
  omp_set_num_threads(2);
  const auto passes_alone = [](Mode mode, std::uint64_t passes) {
    Tape tape;
    std::uint64_t alone = 0;
    for (std::uint64_t step = 0; step < passes; ++step) {
      tape.begin(mode, step);
      parallel_shares(parallel_worth, [&](Index /*begin*/, Index /*end*/) {
        if (omp_get_num_threads() == 2)
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        else
          ++alone;
      });
    }
    return alone;
  };
  CHECK(passes_alone(Mode::training, 400) > 350);
  CHECK(passes_alone(Mode::evaluation, 3) == 0);  // of which nothing is known yet
  omp_set_num_threads(before);
}
