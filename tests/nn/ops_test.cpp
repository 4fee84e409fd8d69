#include "nn/autograd/ops.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "tests/close.h"

using namespace anneal::nn;

namespace {

Var filled(Tape& tape, const Shape& shape, Scalar value = 1) {
  return tape.constant(Tensor(shape, value));
}

}  // namespace

TEST_CASE("shape checks give the operation and both shapes") {
  Tape t;
  const std::string rule =
      "; the shapes must be equal, or one a row of the other or a single number";
  CHECK_THROWS_WITH(add(filled(t, {2, 3}), filled(t, {2})), ("add: (2, 3) and (2)" + rule).c_str());
  CHECK_THROWS_WITH(sub(filled(t, {2, 3}), filled(t, {3, 2})),
                    ("sub: (2, 3) and (3, 2)" + rule).c_str());
  CHECK_THROWS_WITH(mul(filled(t, {4}), filled(t, {2, 3})), ("mul: (4) and (2, 3)" + rule).c_str());
  CHECK_THROWS_WITH(anneal::nn::div(filled(t, {2, 3}), filled(t, {2, 1})),
                    ("div: (2, 3) and (2, 1)" + rule).c_str());
  CHECK_THROWS_WITH(matmul(filled(t, {2, 3}), filled(t, {2, 3})),
                    "matmul: (2, 3) by (2, 3); wanted (..., k) by (k, m)");
  CHECK_THROWS_WITH(
      linear(filled(t, {5, 3}), filled(t, {4, 2}), filled(t, {2})),
      "linear: input (5, 3), weight (4, 2), bias (2); wanted (..., in), (in, out) and "
      "(out)");
  CHECK_THROWS_WITH(
      linear(filled(t, {5, 4}), filled(t, {4, 2}), filled(t, {3})),
      "linear: input (5, 4), weight (4, 2), bias (3); wanted (..., in), (in, out) and "
      "(out)");
  CHECK_THROWS_WITH(reshape(filled(t, {2, 3}), {4}),
                    "reshape: (2, 3) to (4); the sizes must be equal");
  CHECK_THROWS_WITH(transpose(filled(t, {2, 3, 4})), "transpose: (2, 3, 4); the rank must be 2");
  CHECK_THROWS_WITH(sum(filled(t, {2, 3}), 2), "sum: (2, 3) has no axis 2");
  CHECK_THROWS_WITH(mean(filled(t, {2, 3}), -1), "mean: (2, 3) has no axis -1");
  CHECK_THROWS_WITH(mse_loss(filled(t, {2, 3}), filled(t, {3})),
                    "mse_loss: prediction (2, 3) and target (3); the shapes must be equal");
  CHECK_THROWS_WITH(softmax(filled(t, {})), "softmax: () has no rows of elements");
  CHECK_THROWS_WITH(log_softmax(filled(t, {2, 0})), "log_softmax: (2, 0) has no rows of elements");
  CHECK_THROWS_WITH(dropout(filled(t, {2}), 1.0), "dropout: probability 1.000000 is not in [0, 1)");
  CHECK_THROWS_WITH(layer_norm(filled(t, {2, 3}), filled(t, {3}), filled(t, {2})),
                    "layer_norm: input (2, 3), gain (3), bias (2); wanted (..., d), (d) and (d)");
}

TEST_CASE("softmax_cross_entropy refuses labels that do not fit, and says where they are") {
  Tape t;
  const Var logits = filled(t, {2, 3});
  const std::vector<int> one{0};
  const std::vector<int> beyond{0, 3};
  const std::vector<int> negative{-1, 0};
  CHECK_THROWS_WITH(softmax_cross_entropy(logits, one),
                    "softmax_cross_entropy: logits (2, 3) and 1 labels; wanted (n, classes) and n "
                    "labels, n >= 1");
  CHECK_THROWS_WITH(softmax_cross_entropy(logits, beyond),
                    "softmax_cross_entropy: label 3 at position 1 is not in [0, 3)");
  CHECK_THROWS_WITH(softmax_cross_entropy(logits, negative),
                    "softmax_cross_entropy: label -1 at position 0 is not in [0, 3)");
  const std::vector<int> good{0, 2};
  CHECK_THROWS_WITH(softmax_cross_entropy(logits, good, 2),
                    "softmax_cross_entropy: label smoothing 2.000000 is not in [0, 1]");
}

TEST_CASE("sigmoid_cross_entropy refuses labels that do not fit, and says where they are") {
  Tape t;
  const std::vector<int> good{0, 1};
  const std::vector<int> beyond{0, 2};
  CHECK_THROWS_WITH(sigmoid_cross_entropy(filled(t, {3, 1}), good),
                    "sigmoid_cross_entropy: logits (3, 1) and 2 labels; wanted (n) or (n, 1) and n "
                    "labels, n >= 1");
  CHECK_THROWS_WITH(sigmoid_cross_entropy(filled(t, {1, 2}), good),
                    "sigmoid_cross_entropy: logits (1, 2) and 2 labels; wanted (n) or (n, 1) and n "
                    "labels, n >= 1");
  CHECK_THROWS_WITH(sigmoid_cross_entropy(filled(t, {2}), beyond),
                    "sigmoid_cross_entropy: label 2 at position 1 is neither 0 nor 1");
}

TEST_CASE("batch_norm refuses a training batch of one row and statistics of another size") {
  Tape t;
  RunningStatistics running{Tensor(Shape{3}), Tensor(Shape{3}, 1)};
  CHECK_THROWS_WITH(
      batch_norm(filled(t, {1, 3}), filled(t, {3}), filled(t, {3}), running),
      "batch_norm: a training batch of (1, 3) has no variance; wanted two rows or more");
  RunningStatistics other{Tensor(Shape{2}), Tensor(Shape{3}, 1)};
  CHECK_THROWS_WITH(
      batch_norm(filled(t, {4, 3}), filled(t, {3}), filled(t, {3}), other),
      "batch_norm: input (4, 3), running mean (2), running variance (3); wanted (n, d), "
      "(d) and (d)");
}

TEST_CASE("softmax, log_softmax and cross-entropy stay finite for huge logits") {
  Tape t;
  const Var z = t.constant(Tensor(Shape{1, 3}, {Scalar(1e4), 0, Scalar(-1e4)}));
  const std::vector<int> worst{2};
  CHECK(softmax(z).value()[0] == 1);
  CHECK(log_softmax(z).value()[2] == Scalar(-2e4));
  CHECK(softmax_cross_entropy(z, worst).value()[0] == Scalar(2e4));
}

TEST_CASE(
    "sigmoid_cross_entropy stays finite for huge logits, and is that of two softmax classes") {
  Tape t;
  Parameter huge;
  huge.value = Tensor(Shape{4}, {Scalar(1e4), Scalar(-1e4), Scalar(1e4), Scalar(-1e4)});
  const std::vector<int> labels{0, 1, 1, 0};
  const Var loss = sigmoid_cross_entropy(t.watch(huge), labels);
  CHECK(loss.value()[0] == Scalar(5e3));
  t.backward(loss);
  CHECK(huge.grad[0] == Scalar(0.25));
  CHECK(huge.grad[1] == Scalar(-0.25));
  CHECK(huge.grad[2] == 0);
  CHECK(huge.grad[3] == 0);

  t.begin(Mode::evaluation);
  const Var z = t.constant(Tensor(Shape{4, 1}, {Scalar(-2), Scalar(0.5), 0, 3}));
  const Var both = t.constant(Tensor(Shape{4, 2}, {0, Scalar(-2), 0, Scalar(0.5), 0, 0, 0, 3}));
  CHECK(sigmoid_cross_entropy(z, labels).value()[0] ==
        close(softmax_cross_entropy(both, labels).value()[0], 1e-6));
}

TEST_CASE("cross-entropy of uniform logits is log(classes), smoothed or not") {
  Tape t;
  const Var z = filled(t, {4, 10}, Scalar(0.3));
  const std::vector<int> labels{0, 9, 4, 4};
  for (const Scalar smoothing : {Scalar(0), Scalar(0.1), Scalar(1)})
    CHECK(softmax_cross_entropy(z, labels, smoothing).value()[0] == close(std::log(10.0), 1e-6));
}

TEST_CASE("softplus and gelu keep their tails") {
  Tape t;
  const Var x = t.constant(Tensor(Shape{4}, {-80, -5, 5, 100}));
  const Tensor& soft = softplus(x).value();
  CHECK(soft[0] == close(std::exp(-80.0), 1e-5));
  CHECK(soft[1] == close(0.006715348489118068, 1e-6));
  CHECK(soft[3] == 100);
  const Tensor& g = gelu(x).value();
  CHECK(g[1] == close(-1.4332578e-06, 1e-4));
  CHECK(g[3] == 100);
}

TEST_CASE("dropout keeps the fraction and the mean, and is the same for the same step") {
  const auto drop = [](std::uint64_t seed, std::uint64_t step) {
    Tape tape(seed);
    tape.begin(Mode::training, step);
    return dropout(filled(tape, {100, 200}), 0.25).value();
  };
  const Tensor y = drop(1, 0);
  const double kept = (y.array() != Scalar{0}).cast<double>().mean();
  CHECK(std::abs(kept - 0.75) < 5 * std::sqrt(0.75 * 0.25 / 20000));
  for (Index i = 0; i < y.size(); ++i) REQUIRE((y[i] == 0 || y[i] == close(1 / 0.75, 1e-6)));
  const auto same = [](const Tensor& a, const Tensor& b) { return (a.array() == b.array()).all(); };
  CHECK(same(y, drop(1, 0)));
  CHECK(!same(y, drop(1, 1)));
  CHECK(!same(y, drop(2, 0)));

  Tape tape(1);
  const Var x = filled(tape, {100});
  CHECK(!same(dropout(x, 0.5).value(), dropout(x, 0.5).value()));  // two layers differ
  tape.begin(Mode::evaluation);
  CHECK(same(dropout(filled(tape, {5}), 0.5).value(), Tensor(Shape{5}, 1)));
}

TEST_CASE("layer_norm brings rows, and batch_norm columns, to mean 0 and variance 1") {
  Tape t;
  Tensor data(Shape{6, 4});
  Random random(1, Purpose::samples);
  for (Index i = 0; i < data.size(); ++i) data[i] = static_cast<Scalar>(3 + 2 * random.normal());
  const Var one = filled(t, {4}, 1);
  const Var zero = filled(t, {4}, 0);
  const auto rows = layer_norm(t.constant(data), one, zero).value().matrix();
  RunningStatistics running{Tensor(Shape{4}), Tensor(Shape{4}, 1)};
  const auto columns = batch_norm(t.constant(data), one, zero, running).value().matrix();
  for (Index i = 0; i < 6; ++i) {
    CHECK(static_cast<double>(rows.row(i).mean()) == close(0, 0).or_within(1e-5));
    CHECK(static_cast<double>(rows.row(i).squaredNorm() / 4) == close(1, 1e-3));
  }
  for (Index j = 0; j < 4; ++j) {
    CHECK(static_cast<double>(columns.col(j).mean()) == close(0, 0).or_within(1e-5));
    CHECK(static_cast<double>(columns.col(j).squaredNorm() / 6) == close(1, 1e-3));
  }
}
