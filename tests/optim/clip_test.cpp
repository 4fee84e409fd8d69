#include "optim/clip.h"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "tests/close.h"

using namespace anneal;
using nn::Scalar;

namespace {

nn::Parameter with_gradient(std::vector<Scalar> gradient) {
  nn::Parameter p;
  const nn::Shape shape{static_cast<nn::Index>(gradient.size())};
  p.value = nn::Tensor(shape);
  p.grad = nn::Tensor(shape, gradient);
  p.has_grad = true;
  return p;
}

}  // namespace

TEST_CASE(
    "clip_grad_norm scales all gradients by the same number, and only when they are too long") {
  nn::Parameter a = with_gradient({3, 0});
  nn::Parameter b = with_gradient({4});
  nn::Parameter stale = with_gradient({100});
  stale.has_grad = false;
  const std::vector<nn::Parameter*> all{&a, &b, &stale};
  CHECK(optim::clip_grad_norm(all, 10.0) == 5.0);
  CHECK(b.grad[0] == 4);
  CHECK(optim::clip_grad_norm(all, 1.0) == 5.0);
  CHECK(a.grad[0] == close(0.6, 1e-6));
  CHECK(b.grad[0] == close(0.8, 1e-6));
  CHECK(stale.grad[0] == 100);
}

TEST_CASE("clip_grad_norm leaves gradients alone whose norm is not finite, and says so") {
  nn::Parameter a = with_gradient({std::numeric_limits<Scalar>::infinity(), 1});
  const std::vector<nn::Parameter*> all{&a};
  CHECK(std::isinf(optim::clip_grad_norm(all, 1.0)));
  CHECK(a.grad[1] == 1);
}

TEST_CASE("clip_grad_value bounds each element") {
  nn::Parameter a = with_gradient({-3, 0.25, 3});
  nn::Parameter stale = with_gradient({7});
  stale.has_grad = false;
  const std::vector<nn::Parameter*> all{&a, &stale};
  optim::clip_grad_value(all, 0.5);
  CHECK(stale.grad[0] == 7);
  CHECK(a.grad[0] == -0.5);
  CHECK(a.grad[1] == 0.25);
  CHECK(a.grad[2] == 0.5);
}

TEST_CASE("limits that are not above 0 are refused") {
  CHECK_THROWS_WITH(optim::clip_grad_norm({}, 0.0),
                    "clip_grad_norm: max_norm is 0; wanted above 0");
  CHECK_THROWS_WITH(optim::clip_grad_value({}, -1.0),
                    "clip_grad_value: limit is -1; wanted above 0");
}
