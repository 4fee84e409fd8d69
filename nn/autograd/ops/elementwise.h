#pragma once
#include "nn/autograd/parallel.h"
#include "nn/autograd/tape.h"

/// For the authors of operations that treat each element by itself: forward and derivative are
/// Eigen array expressions, evaluated piece by piece on all threads.
namespace anneal::nn::detail {

/// Adds `contribution(begin, n)`, an array expression for n elements, to the gradient of x.
template <class Contribution>
void add_to_grad(Var x, const Contribution& contribution) {
  const auto [grad, overwrite] = x.grad_target();
  auto target = grad.array();
  parallel_chunks(grad.size(), parallel_grain, [&, overwrite = overwrite](Index begin, Index end) {
    if (overwrite)
      target.segment(begin, end - begin) = contribution(begin, end - begin);
    else
      target.segment(begin, end - begin) += contribution(begin, end - begin);
  });
}

/// y = forward(x); the gradient of x gains derivative(x, y, g), g being d(loss)/dy.
/// Neither function may hold more than a few numbers.
template <class Forward, class Derivative>
Var elementwise(Var x, const Forward& forward, const Derivative& derivative) {
  const Var y = x.tape().output(x.shape(), x.needs_grad());
  auto out = x.tape().value_of(y).array();
  parallel_chunks(out.size(), parallel_grain, [&](Index begin, Index end) {
    out.segment(begin, end - begin) = forward(x.value().array().segment(begin, end - begin));
  });
  x.tape().record(y, [=](const Tensor& upstream) {
    add_to_grad(x, [&](Index begin, Index n) {
      return derivative(x.value().array().segment(begin, n), y.value().array().segment(begin, n),
                        upstream.array().segment(begin, n));
    });
  });
  return y;
}

}  // namespace anneal::nn::detail
