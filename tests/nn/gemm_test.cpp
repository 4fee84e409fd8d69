#include "nn/autograd/gemm.h"

#include <doctest/doctest.h>
#include <omp.h>

#include <algorithm>
#include <limits>

#include "nn/autograd/random.h"
#include "own_products.h"

using namespace anneal::nn;

namespace {

Tensor random_tensor(const Shape& shape, std::uint64_t index) {
  Random random(1, Purpose::samples, index);
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<Scalar>(random.normal());
  return t;
}

/// The largest difference from Eigen's product, in units of what k roundings may cost.
double error(Index m, Index k, Index n, bool transpose_a, bool transpose_b, bool overwrite) {
  const Tensor a = random_tensor(transpose_a ? Shape{k, m} : Shape{m, k}, 1);
  const Tensor b = random_tensor(transpose_b ? Shape{n, k} : Shape{k, n}, 2);
  const Tensor start = random_tensor({m, n}, 3);
  Tensor c = start;
  if (overwrite) c.array().setConstant(std::numeric_limits<Scalar>::quiet_NaN());
  multiply(transpose_a ? transposed(view(a)) : view(a), transpose_b ? transposed(view(b)) : view(b),
           c.data(), overwrite);

  Eigen::MatrixXd am = a.matrix().cast<double>();
  Eigen::MatrixXd bm = b.matrix().cast<double>();
  if (transpose_a) am.transposeInPlace();
  if (transpose_b) bm.transposeInPlace();
  Eigen::MatrixXd wanted = am * bm;
  if (!overwrite) wanted += start.matrix().cast<double>();
  if (wanted.size() == 0) return 0.0;
  const double unit = std::numeric_limits<Scalar>::epsilon() * static_cast<double>(k + 1);
  return (wanted - c.matrix().cast<double>()).cwiseAbs().maxCoeff() / unit;
}

}  // namespace

TEST_CASE("multiply agrees with Eigen at every edge of its tiles and panels") {
  for (const bool ta : {false, true})
    for (const bool tb : {false, true})
      for (const bool overwrite : {false, true}) {
        CAPTURE(ta);
        CAPTURE(tb);
        for (Index m = 1; m <= 13; ++m)
          for (const Index n : {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130}) {
            CAPTURE(m);
            CAPTURE(n);
            CHECK(error(m, 5, n, ta, tb, overwrite) < 4);
          }
        for (const Index k : {0, 1, 511, 512, 513, 1025}) {
          CAPTURE(k);
          CHECK(error(7, k, 70, ta, tb, overwrite) < 4);
        }
        CHECK(error(200, 850, 300, ta, tb, overwrite) < 4);  // several blocks of all three
      }
}

TEST_CASE("the bits of a product depend neither on the number of threads nor on the tiling") {
  if (!own_products()) return;
  const Tensor a = random_tensor({97, 600}, 1);
  const Tensor b = random_tensor({600, 130}, 2);
  Tensor whole(Shape{97, 130});
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  multiply(view(a), view(b), whole.data(), true);
  for (const int threads : {2, 3, 4, 8}) {
    omp_set_num_threads(threads);
    Tensor c(Shape{97, 130});
    multiply(view(a), view(b), c.data(), true);
    CHECK(std::equal(c.data(), c.data() + c.size(), whole.data()));
  }
  omp_set_num_threads(before);
  Tensor row(Shape{1, 130});  // each row by itself, i.e. in a tile of another height
  for (Index i = 0; i < 97; ++i) {
    multiply({a.data() + i * 600, 1, 600, 600}, view(b), row.data(), true);
    CHECK(std::equal(row.data(), row.data() + 130, whole.data() + i * 130));
  }
}

namespace {

/// Mostly `background`, as an image is: elements differ from it in patches.
Tensor image_like(const Shape& shape, Scalar background, std::uint64_t index) {
  Tensor t = random_tensor(shape, index);
  for (Index i = 0; i < t.rows(); ++i)
    for (Index j = 0; j < t.cols(); ++j)
      if ((i / 7 + j / 5) % 4 != 0 || (i + j) % 3 == 0) t(i, j) = background;
  return t;
}

}  // namespace

TEST_CASE("a product with a matrix that is mostly one number agrees with Eigen") {
  for (const Scalar background : {Scalar{0}, Scalar{-0.5}})
    for (const bool transpose : {false, true})
      for (const Index m : {12, 13, 17, 18, 64, 131})
        for (const Index k : {12, 64, 100, 401, 784})
          for (const Index n : {1, 10, 16, 40}) {
            CAPTURE(background);
            CAPTURE(m);
            CAPTURE(k);
            CAPTURE(n);
            const Tensor a = image_like(transpose ? Shape{k, m} : Shape{m, k}, background, 1);
            const Tensor b = random_tensor({k, n}, 2);
            Tensor c = random_tensor({m, n}, 3);
            Eigen::MatrixXd am = a.matrix().cast<double>();
            if (transpose) am.transposeInPlace();
            const Eigen::MatrixXd wanted =
                c.matrix().cast<double>() + am * b.matrix().cast<double>();
            multiply(transpose ? transposed(view(a)) : view(a), view(b), c.data(), false);
            const double unit = std::numeric_limits<Scalar>::epsilon() * static_cast<double>(k + 1);
            CHECK((wanted - c.matrix().cast<double>()).cwiseAbs().maxCoeff() < 4 * unit);
          }
}

TEST_CASE("leaving out the zeros of a matrix changes no bit of a product") {
  if (!own_products()) return;
  const Tensor a = image_like({64, 784}, 0, 1);
  const Tensor b = random_tensor({784, 40}, 2);
  Tensor whole(Shape{64, 40});
  multiply(view(a), view(b), whole.data(), true);
  Tensor row(Shape{1, 40});
  for (Index i = 0; i < 64; ++i) {  // a single row is multiplied with all of its elements
    multiply({a.data() + i * 784, 1, 784, 784}, view(b), row.data(), true);
    CHECK(std::equal(row.data(), row.data() + 40, whole.data() + i * 40));
  }
}

TEST_CASE("what is left out does not depend on the number of threads") {
  if (!own_products()) return;
  const int before = omp_get_max_threads();
  for (const bool transpose : {false, true}) {
    const Tensor a = image_like(transpose ? Shape{784, 128} : Shape{128, 784}, Scalar{-0.5}, 1);
    const MatrixView of_a = transpose ? transposed(view(a)) : view(a);
    const Tensor b = random_tensor({784, 100}, 2);
    Tensor whole(Shape{128, 100});
    omp_set_num_threads(1);
    multiply(of_a, view(b), whole.data(), true);
    for (const int threads : {2, 3, 8}) {
      omp_set_num_threads(threads);
      Tensor c(Shape{128, 100});
      multiply(of_a, view(b), c.data(), true);
      CHECK(std::equal(c.data(), c.data() + c.size(), whole.data()));
    }
  }
  omp_set_num_threads(before);
}
