#include "nn/autograd/gemm_kernel.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "nn/autograd/random.h"

using namespace anneal::nn;

namespace {

/// Random numbers, of which about `share` are one constant, as the background of an image is.
Tensor speckled(const Shape& shape, double share, std::uint64_t index) {
  Random random(2, Purpose::samples, index);
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) {
    const auto value = static_cast<Scalar>(random.normal());
    t[i] = random.uniform() < share ? Scalar{-0.5} : value;
  }
  return t;
}

/// Multiplies by both and checks that the results differ by no more than what k roundings cost, or
/// by nothing if both round alike.
void check_alike(const Kernel& kernel, const Kernel& other, Index m, Index k, Index n,
                 double share) {
  for (const bool transpose_a : {false, true})
    for (const bool transpose_b : {false, true})
      for (const bool overwrite : {false, true}) {
        const Tensor a = speckled(transpose_a ? Shape{k, m} : Shape{m, k}, share, 1);
        const Tensor b = speckled(transpose_b ? Shape{n, k} : Shape{k, n}, 0, 2);
        const MatrixView of_a = transpose_a ? transposed(view(a)) : view(a);
        const MatrixView of_b = transpose_b ? transposed(view(b)) : view(b);
        Tensor c = speckled({m, n}, 0, 3);
        Tensor wanted = c;
        multiply_by(kernel, of_a, of_b, c.data(), overwrite);
        multiply_by(other, of_a, of_b, wanted.data(), overwrite);
        CAPTURE(transpose_a);
        CAPTURE(transpose_b);
        CAPTURE(overwrite);
        if (kernel.fused == other.fused) {
          CHECK(std::equal(c.data(), c.data() + c.size(), wanted.data()));
        } else {
          const Scalar unit = std::numeric_limits<Scalar>::epsilon() * static_cast<Scalar>(k + 1);
          CHECK((c.array() - wanted.array()).abs().maxCoeff() < 8 * unit);
        }
      }
}

}  // namespace

TEST_CASE("the kernels for all processors that this one can stand in for agree") {
  for (const Kernel* kernel : kernels()) {
    const std::string name(kernel->processor);
    if (!kernel->runs_here()) {
      MESSAGE("not run on this processor: the kernel for " << name);
      continue;
    }
    CAPTURE(name);
    for (const Index m : {1, 5, 6, 7, 13})
      for (const Index n : {1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130}) {
        CAPTURE(m);
        CAPTURE(n);
        check_alike(*kernel, best_kernel(), m, 5, n, 0);
      }
    check_alike(*kernel, best_kernel(), 200, 850, 300, 0);
    for (const Index k : {12, 100, 784}) check_alike(*kernel, best_kernel(), 100, k, 150, 0.97);
  }
}

TEST_CASE("the best kernel is the last that runs here") {
  const auto all = kernels();
  CHECK(all.front()->processor == "portable");
  CHECK(all.front()->runs_here());
  for (const Kernel* kernel : all)
    if (kernel->runs_here()) CHECK(best_kernel().tile_cols >= kernel->tile_cols);
  CHECK(best_kernel().runs_here());
}
