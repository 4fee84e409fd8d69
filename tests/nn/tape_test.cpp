#include "nn/autograd/tape.h"

#include <doctest/doctest.h>

#include <cmath>

#include "nn/autograd/ops.h"

using namespace anneal::nn;

namespace {
Parameter parameter(const Shape& shape, Scalar value) {
  Parameter p;
  p.value = Tensor(shape, value);
  return p;
}
}  // namespace

TEST_CASE("a chain y = y + y of length 40 costs 40 operations, not 2^40") {
  Parameter x = parameter({}, 1);
  Tape tape;
  Var y = tape.watch(x);
  for (int i = 0; i < 40; ++i) y = y + y;
  CHECK(tape.recorded_operations() == 40);
  tape.backward(y);
  CHECK(static_cast<double>(x.grad[0]) == std::pow(2.0, 40));
}

TEST_CASE("a value used twice receives both contributions") {
  Parameter x = parameter({}, 3);
  Tape tape;
  const Var v = tape.watch(x);
  tape.backward(v * v + v);
  CHECK(x.grad[0] == 7);
}

TEST_CASE("gradients of parameters add up over passes until they are cleared") {
  Parameter x = parameter({}, 3);
  Tape tape;
  for (int pass = 1; pass <= 3; ++pass) {
    tape.begin(Mode::training);
    const Var v = tape.watch(x);
    tape.backward(v * v);
    CHECK(x.grad[0] == Scalar(6 * pass));
  }
  x.has_grad = false;
  tape.begin(Mode::training);
  const Var v = tape.watch(x);
  tape.backward(v * v);
  CHECK(x.grad[0] == 6);
}

TEST_CASE("what cannot learn gets no gradient, and what the loss ignores is skipped") {
  Parameter w = parameter({2, 2}, 1);
  Parameter idle = parameter({2, 2}, 1);
  Tape tape;
  const Var input = tape.constant(Tensor(Shape{2, 2}, 2));
  const Var unused = mul(tape.watch(idle), input);
  const Var product = matmul(input, tape.watch(w));
  tape.backward(sum(product));
  CHECK(!input.needs_grad());
  CHECK(input.grad().size() == 1);  // never sized
  CHECK(w.has_grad);
  CHECK(!idle.has_grad);
  CHECK(unused.needs_grad());
}

TEST_CASE("evaluation records nothing") {
  Parameter w = parameter({2, 2}, 1);
  Tape tape;
  tape.begin(Mode::evaluation);
  const Var loss = sum(tape.watch(w) * tape.watch(w));
  CHECK(loss.value()[0] == 4);
  CHECK(tape.recorded_operations() == 0);
  CHECK_THROWS_WITH(
      tape.backward(loss),
      "backward: the loss depends on no parameter, or was computed in evaluation mode");
}

TEST_CASE("backward wants a single number") {
  Parameter w = parameter({2, 3}, 1);
  Tape tape;
  const Var y = tape.watch(w) + tape.watch(w);
  CHECK_THROWS_WITH(tape.backward(y),
                    "backward: the loss must be a single number, not of shape (2, 3)");
}

TEST_CASE("a pass after begin() sees nothing of the one before, also when shapes change") {
  Parameter w = parameter({3}, 2);
  Tape tape;
  for (const Index rows : {4, 2, 5, 1}) {
    w.has_grad = false;
    tape.begin(Mode::training);
    tape.backward(sum(mul(tape.constant(Tensor(Shape{rows, 3}, 1)), tape.watch(w))));
    for (Index i = 0; i < 3; ++i) CHECK(w.grad[i] == Scalar(rows));
  }
}
