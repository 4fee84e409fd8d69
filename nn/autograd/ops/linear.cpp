#include "nn/autograd/ops/linear.h"

#include "nn/autograd/fail.h"
#include "nn/autograd/gemm.h"
#include "nn/autograd/parallel.h"

namespace anneal::nn {
namespace {

/// The shape of `x` with its last extent replaced.
Shape with_last(const Shape& x, Index last) {
  std::array<Index, Shape::max_rank> extents{};
  for (int i = 0; i < x.rank(); ++i) extents[static_cast<std::size_t>(i)] = x[i];
  extents[static_cast<std::size_t>(x.rank() - 1)] = last;
  return Shape(std::span(extents.data(), static_cast<std::size_t>(x.rank())));
}

bool can_multiply(const Shape& a, const Shape& b) {
  return a.rank() >= 1 && b.rank() == 2 && a.cols() == b[0];
}

/// The gradients of y = a b: da = dy b^T, db = a^T dy.
void add_product_grads(Var a, Var b, const Tensor& dy) {
  if (a.needs_grad()) {
    const auto [grad, overwrite] = a.grad_target();
    multiply(view(dy), transposed(view(b.value())), grad.data(), overwrite);
  }
  if (b.needs_grad()) {
    const auto [grad, overwrite] = b.grad_target();
    multiply(transposed(view(a.value())), view(dy), grad.data(), overwrite);
  }
}

void add_column_sums(const Tensor& dy, Var bias) {
  const auto [grad, overwrite] = bias.grad_target();
  if (overwrite) grad.array().setZero();
  auto sums = grad.array();
  for (Index row = 0; row < dy.rows(); ++row) sums += dy.matrix().row(row).transpose().array();
}

/// y <- activation(y + bias), while the product is still in the cache.
template <class Rows, class Bias>
void finish(Rows y, const Bias& bias, Activation activation) {
  for (Index row = 0; row < y.rows(); ++row) {
    auto out = y.row(row).array();
    switch (activation) {
      case Activation::none: out += bias; break;
      case Activation::relu: out = (out + bias).max(Scalar{0}); break;
      case Activation::sigmoid: out = (out + bias).logistic(); break;
      case Activation::tanh: out = (out + bias).tanh(); break;
    }
  }
}

/// d(loss)/d(pre-activation), from the value y and d(loss)/dy.
void through_activation(const Tensor& y, const Tensor& dy, Activation activation, Tensor& out) {
  parallel_chunks(y.size(), parallel_grain, [&](Index begin, Index end) {
    const auto value = y.array().segment(begin, end - begin);
    const auto upstream = dy.array().segment(begin, end - begin);
    auto result = out.array().segment(begin, end - begin);
    switch (activation) {
      case Activation::none: result = upstream; break;
      case Activation::relu: result = (value > Scalar{0}).select(upstream, Scalar{0}); break;
      case Activation::sigmoid: result = upstream * value * (Scalar{1} - value); break;
      case Activation::tanh: result = upstream * (Scalar{1} - value * value); break;
    }
  });
}

}  // namespace

Var matmul(Var a, Var b) {
  if (!can_multiply(a.shape(), b.shape()))
    fail("matmul: " + a.shape().text() + " by " + b.shape().text() + "; wanted (..., k) by (k, m)");
  Tape& tape = a.tape();
  const Var y = tape.output(with_last(a.shape(), b.shape()[1]), a.needs_grad() || b.needs_grad());
  multiply(view(a.value()), view(b.value()), tape.value_of(y).data(), true);
  tape.record(y, [=](const Tensor& upstream) { add_product_grads(a, b, upstream); });
  return y;
}

Var linear(Var x, Var weight, Var bias, Activation activation) {
  if (!can_multiply(x.shape(), weight.shape()) || bias.shape() != Shape{weight.shape()[1]})
    fail("linear: input " + x.shape().text() + ", weight " + weight.shape().text() + ", bias " +
         bias.shape().text() + "; wanted (..., in), (in, out) and (out)");
  Tape& tape = x.tape();
  const bool learns = x.needs_grad() || weight.needs_grad() || bias.needs_grad();
  const Var y = tape.output(with_last(x.shape(), weight.shape()[1]), learns);
  Tensor& out = tape.value_of(y);
  multiply(view(x.value()), view(weight.value()), out.data(), true);
  parallel_rows(out.rows(), out.cols(), [&](Index begin, Index end) {
    finish(out.matrix().middleRows(begin, end - begin), bias.value().array().transpose(),
           activation);
  });
  if (!y.needs_grad()) return y;

  Tensor* inner = activation == Activation::none ? nullptr : &tape.scratch(out.shape());
  tape.record(y, [=](const Tensor& upstream) {
    if (inner != nullptr) through_activation(y.value(), upstream, activation, *inner);
    const Tensor& dy = inner != nullptr ? *inner : upstream;
    add_product_grads(x, weight, dy);
    if (bias.needs_grad()) add_column_sums(dy, bias);
  });
  return y;
}

}  // namespace anneal::nn
