#include "nn/autograd/gemm_kernel.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

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

std::vector<const Kernel*> kernels_of_this_processor() {
  std::vector<const Kernel*> found;
  for (const Kernel* kernel : kernels())
    if (kernel->runs_here())
      found.push_back(kernel);
    else
      MESSAGE("not run on this processor: the kernel for " << std::string(kernel->processor));
  return found;
}

/// a b as the definition has it, in numbers that have at least twice the digits, or nearly.
std::vector<long double> product(const MatrixView& a, const MatrixView& b) {
  const auto at = [](const MatrixView& m, Index row, Index col) {
    return static_cast<long double>(
        m.data[m.transposed ? col * m.stride + row : row * m.stride + col]);
  };
  std::vector<long double> c;
  for (Index i = 0; i < a.rows; ++i)
    for (Index j = 0; j < b.cols; ++j) {
      long double sum = 0;
      for (Index k = 0; k < a.cols; ++k) sum += at(a, i, k) * at(b, k, j);
      c.push_back(sum);
    }
  return c;
}

/// Checks that each kernel multiplies as the definition does, but for what k roundings cost, and
/// that those that round alike agree to the bit.
void check_products(const std::vector<const Kernel*>& all, Index m, Index k, Index n,
                    double share) {
  for (const bool transpose_a : {false, true})
    for (const bool transpose_b : {false, true}) {
      const Tensor a = speckled(transpose_a ? Shape{k, m} : Shape{m, k}, share, 1);
      const Tensor b = speckled(transpose_b ? Shape{n, k} : Shape{k, n}, 0, 2);
      const MatrixView of_a = transpose_a ? transposed(view(a)) : view(a);
      const MatrixView of_b = transpose_b ? transposed(view(b)) : view(b);
      const Tensor before = speckled({m, n}, 0, 3);
      const std::vector<long double> exact = product(of_a, of_b);
      for (const bool overwrite : {false, true}) {
        std::array<Tensor, 2> first;  // of those that round twice, and once
        for (const Kernel* kernel : all) {
          Tensor c = before;
          multiply_by(*kernel, of_a, of_b, c.data(), overwrite);
          long double error = 0;
          for (Index i = 0; i < c.size(); ++i) {
            const long double wanted =
                exact[static_cast<std::size_t>(i)] + (overwrite ? 0.0L : before[i]);
            error = std::max(error, std::abs(static_cast<long double>(c[i]) - wanted));
          }
          CAPTURE(std::string(kernel->processor));
          CAPTURE(transpose_a);
          CAPTURE(transpose_b);
          CAPTURE(overwrite);
          CHECK(error < 8 * static_cast<long double>(std::numeric_limits<Scalar>::epsilon()) *
                            static_cast<long double>(k + 1));
          Tensor& same = first[kernel->fused ? 1 : 0];
          if (same.shape() == c.shape())
            CHECK(std::equal(c.data(), c.data() + c.size(), same.data()));
          else
            same = std::move(c);
        }
      }
    }
}

}  // namespace

TEST_CASE("each kernel that this processor can run multiplies, and those that round alike agree") {
  const std::vector<const Kernel*> all = kernels_of_this_processor();
  REQUIRE(!all.empty());
  for (const Index m : {1, 5, 6, 7, 13})
    for (const Index n : {1, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130}) {
      CAPTURE(m);
      CAPTURE(n);
      check_products(all, m, 5, n, 0);
    }
  check_products(all, 50, 850, 200, 0);  // several blocks of k
  for (const Index k : {12, 100, 784}) check_products(all, 50, k, 150, 0.97);
}

TEST_CASE("the best kernel is the last that runs here") {
  const auto all = kernels();
  CHECK(all.front()->processor == "portable");
  CHECK(all.front()->runs_here());
  for (const Kernel* kernel : all)
    if (kernel->runs_here()) CHECK(best_kernel().tile_cols >= kernel->tile_cols);
  CHECK(best_kernel().runs_here());
}
