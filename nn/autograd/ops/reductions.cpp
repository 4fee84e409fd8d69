#include "nn/autograd/ops/reductions.h"

#include "nn/autograd/fail.h"
#include "nn/autograd/ops/arithmetic.h"
#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {
namespace {

/// Sums of fixed pieces, added in order: exact to more digits than one long sum, and the same
/// whatever the number of threads.
Scalar total(const Tensor& x) {
  Scalar sum = 0;
  for (Index begin = 0; begin < x.size(); begin += parallel_grain)
    sum += x.array().segment(begin, std::min(parallel_grain, x.size() - begin)).sum();
  return sum;
}

Var scaled_sum(Var x, Scalar scale) {
  const Var y = x.tape().output({}, x.needs_grad());
  x.tape().value_of(y)[0] = scale * total(x.value());
  x.tape().record(y, [=](const Tensor& upstream) {
    detail::add_to_grad(
        x, [&](Index, Index n) { return Tensor::Array::Constant(n, scale * upstream[0]); });
  });
  return y;
}

/// A shape seen around one of its axes: element (o, i, j) lies at (o * extent + i) * inner + j.
struct Around {
  Index outer = 1, extent, inner = 1;
  Shape without;  ///< the shape that is left when the axis is gone
};

Around around(const char* operation, const Shape& shape, int axis) {
  if (axis < 0 || axis >= shape.rank())
    fail(std::string(operation) + ": " + shape.text() + " has no axis " + std::to_string(axis));
  Around a{.extent = shape[axis], .without = {}};
  std::vector<Index> left;
  for (int i = 0; i < shape.rank(); ++i) {
    if (i == axis) continue;
    left.push_back(shape[i]);
    (i < axis ? a.outer : a.inner) *= shape[i];
  }
  a.without = Shape(left);
  return a;
}

Var scaled_sum(Var x, const Around& shape, Scalar scale) {
  const Var y = x.tape().output(shape.without, x.needs_grad());
  const Index outer = shape.outer;
  const Index extent = shape.extent;
  const Index inner = shape.inner;
  Tensor& out = x.tape().value_of(y);
  out.array().setZero();
  for (Index o = 0; o < outer; ++o) {
    auto row = out.array().segment(o * inner, inner);
    for (Index i = 0; i < extent; ++i)
      row += scale * x.value().array().segment((o * extent + i) * inner, inner);
  }
  x.tape().record(y, [=](const Tensor& upstream) {
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite) grad.array().setZero();
    for (Index o = 0; o < outer; ++o)
      for (Index i = 0; i < extent; ++i)
        grad.array().segment((o * extent + i) * inner, inner) +=
            scale * upstream.array().segment(o * inner, inner);
  });
  return y;
}

}  // namespace

Var sum(Var x) {
  return scaled_sum(x, 1);
}

Var mean(Var x) {
  return scaled_sum(x, Scalar{1} / static_cast<Scalar>(x.value().size()));
}

Var sum(Var x, int axis) {
  return scaled_sum(x, around("sum", x.shape(), axis), 1);
}

Var mean(Var x, int axis) {
  const Around shape = around("mean", x.shape(), axis);
  return scaled_sum(x, shape, Scalar{1} / static_cast<Scalar>(shape.extent));
}

Var mse_loss(Var prediction, Var target) {
  if (prediction.shape() != target.shape())
    fail("mse_loss: prediction " + prediction.shape().text() + " and target " +
         target.shape().text() + "; the shapes must be equal");
  const Var error = sub(prediction, target);
  return mean(mul(error, error));
}

}  // namespace anneal::nn
