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

TEST_CASE("a forgotten begin() is an error, not last step's gradients once more") {
  Parameter w = parameter({}, 3);
  Tape tape;
  const Var loss = tape.watch(w) * tape.watch(w);
  loss.backward();
  CHECK(loss.value()[0] == 9);  // what was computed can be read
  CHECK_THROWS_WITH_AS(tape.watch(w) * tape.watch(w),
                       "this pass has ended with backward(): tape.begin() starts the next",
                       std::logic_error);
  CHECK_THROWS_WITH_AS(
      loss.backward(),
      "backward: this pass has ended with backward(): tape.begin() starts the next",
      std::logic_error);
  CHECK(w.grad[0] == 6);
  tape.begin(Mode::training);
  (tape.watch(w) * tape.watch(w)).backward();
  CHECK(w.grad[0] == 12);
}

TEST_CASE("a Var of an earlier pass says so, wherever it is used") {
  Parameter w = parameter({}, 3);
  Tape tape;
  const Var old = tape.watch(w) * tape.watch(w);
  const Var old_parameter = tape.watch(w);
  tape.begin(Mode::evaluation);
  const Var fresh = tape.watch(w) + tape.watch(w);
  const char* const message =
      "a Var of an earlier pass: tape.begin() ended what it stood for; copy the numbers that are "
      "needed longer";
  CHECK_THROWS_WITH_AS(old.value(), message, std::logic_error);
  CHECK_THROWS_WITH_AS(old.grad(), message, std::logic_error);
  CHECK_THROWS_WITH_AS(old.shape(), message, std::logic_error);
  CHECK_THROWS_WITH_AS(fresh + old, message, std::logic_error);
  CHECK_THROWS_WITH_AS(old_parameter * fresh, message, std::logic_error);
  CHECK_THROWS_WITH_AS(old.backward(), message, std::logic_error);
}

TEST_CASE("labels may die before backward()") {
  Parameter logits = parameter({3, 2}, 0);
  const auto gradient = [&](const std::vector<int>& later) {
    logits.has_grad = false;
    Tape tape;
    std::vector<int> labels{0, 1, 0};
    const Var loss = softmax_cross_entropy(tape.watch(logits), labels);
    labels = later;  // the next batch's, of another size
    loss.backward();
    return std::vector<Scalar>(logits.grad.data(), logits.grad.data() + 6);
  };
  CHECK(gradient({1, 0, 1, 1, 1}) == gradient({0, 1, 0}));
  Parameter z = parameter({2}, 0);
  Tape tape;
  const Var loss = sigmoid_cross_entropy(tape.watch(z), std::vector<int>{0, 1});  // a temporary
  loss.backward();
  CHECK(z.grad[0] == Scalar(0.25));
  CHECK(z.grad[1] == Scalar(-0.25));
}

TEST_CASE("a number is an operand on either side") {
  Parameter x = parameter({2}, 3);
  Tape tape;
  const auto value = [&](Var v) { return static_cast<double>(v.value()[1]); };
  const auto v = [&] { return tape.watch(x); };
  CHECK(value(2.0 * v()) == 6);
  CHECK(value(v() * 2) == 6);
  CHECK(value(v() + 0.5) == 3.5);
  CHECK(value(0.5 + v()) == 3.5);
  CHECK(value(v() - 1) == 2);
  CHECK(value(1 - v()) == -2);
  CHECK(value(v() / 2) == 1.5);
  CHECK(value(6 / v()) == 2);
  sum(1 - 2 * v() / 4).backward();
  CHECK(x.grad[0] == Scalar(-0.5));
}
