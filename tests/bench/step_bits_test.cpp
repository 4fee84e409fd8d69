// The bits of all weights after some training steps, compiled for x86-64-v3 on every machine.
#include <doctest/doctest.h>
#include <omp.h>

#include "nn/autograd/denormals.h"
#include "workload.h"

using namespace anneal;

namespace {

constexpr nn::Index steps = 40;

std::uint64_t bits_after(Training training, int threads) {
  omp_set_num_threads(threads);
  for (nn::Index i = 0; i < steps; ++i) training.step();
  return training.hash();
}

}  // namespace

// GCC and Clang give these same numbers. When a change of the arithmetic is meant, they change, and
// so must arithmetic_version in apps/compare/trials.cpp: earlier trials are then not comparable.
TEST_CASE("40 steps of W1 and W2 give the same bits from any compiler, on any number of threads") {
  nn::flush_denormals();
  for (const int threads : {1, 2, 4}) {
    CAPTURE(threads);
    CHECK(bits_after(w1(steps), threads) == 0x9275d9f90ffe0d13);
    CHECK(bits_after(w2(steps), threads) == 0xaba457566294b5a2);
  }
}
