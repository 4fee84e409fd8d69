#include "nn/autograd/tensor.h"

#include <doctest/doctest.h>

using namespace anneal::nn;

TEST_CASE("a shape folds its leading extents into rows") {
  CHECK(Shape{}.rank() == 0);
  CHECK(Shape{}.size() == 1);
  CHECK((Shape{}.rows() == 1 && Shape{}.cols() == 1));
  CHECK((Shape{5}.rows() == 1 && Shape{5}.cols() == 5));
  CHECK((Shape{2, 3, 4}.rows() == 6 && Shape{2, 3, 4}.cols() == 4));
  CHECK(Shape{0, 3}.size() == 0);
  CHECK(Shape{64, 784}.text() == "(64, 784)");
  CHECK(Shape{2, 3} != Shape{2, 3, 1});
}

TEST_CASE("a tensor is aligned, row-major, and keeps its memory when it shrinks") {
  Tensor t(Shape{3, 2}, {0, 1, 2, 3, 4, 5});
  CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % 64 == 0);
  CHECK(t(1, 0) == 2);
  CHECK(t.matrix()(2, 1) == 5);
  const Scalar* before = t.data();
  t.resize({2, 2});
  t.resize({3, 2});
  CHECK(t.data() == before);
  t.reshape({2, 3});
  CHECK(t(1, 0) == 3);
}

TEST_CASE("tensor: errors name what was given and what was wanted") {
  CHECK_THROWS_WITH(Tensor(Shape{2, 2}, {1, 2, 3}), "tensor: 3 values for shape (2, 2)");
  CHECK_THROWS_WITH((Shape{1, 2, 3, 4, 5}), "shape: rank 5; a tensor has rank 0 to 4");
  CHECK_THROWS_WITH((Shape{2, -1}), "shape: negative extent in (2, -1)");
  Tensor t(Shape{2, 3});
  CHECK_THROWS_WITH(t.reshape({4, 2}), "reshape: (2, 3) to (4, 2)");
}
