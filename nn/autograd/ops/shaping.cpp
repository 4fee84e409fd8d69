#include "nn/autograd/ops/shaping.h"

#include "nn/autograd/fail.h"
#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {

Var reshape(Var x, const Shape& shape) {
  if (shape.size() != x.value().size())
    fail("reshape: " + x.shape().text() + " to " + shape.text() + "; the sizes must be equal");
  const Var y = x.tape().output(shape, x.needs_grad());
  x.tape().value_of(y).array() = x.value().array();
  x.tape().record(y, [=](const Tensor& upstream) {
    detail::add_to_grad(x,
                        [&](Index begin, Index n) { return upstream.array().segment(begin, n); });
  });
  return y;
}

Var transpose(Var x) {
  if (x.shape().rank() != 2) fail("transpose: " + x.shape().text() + "; the rank must be 2");
  const Var y = x.tape().output({x.shape()[1], x.shape()[0]}, x.needs_grad());
  x.tape().value_of(y).matrix() = x.value().matrix().transpose();
  x.tape().record(y, [=](const Tensor& upstream) {
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite)
      grad.matrix() = upstream.matrix().transpose();
    else
      grad.matrix() += upstream.matrix().transpose();
  });
  return y;
}

}  // namespace anneal::nn
