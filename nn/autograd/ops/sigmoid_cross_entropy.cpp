#include "nn/autograd/ops/sigmoid_cross_entropy.h"

#include <cmath>

#include "nn/autograd/fail.h"

namespace anneal::nn {
namespace {

void check_labels(const Tensor& logits, std::span<const int> labels) {
  const Shape& shape = logits.shape();
  const auto n = static_cast<Index>(labels.size());
  if ((shape != Shape{n} && shape != Shape{n, 1}) || n == 0)
    fail("sigmoid_cross_entropy: logits " + shape.text() + " and " + std::to_string(labels.size()) +
         " labels; wanted (n) or (n, 1) and n labels, n >= 1");
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] != 0 && labels[i] != 1)
      fail("sigmoid_cross_entropy: label " + std::to_string(labels[i]) + " at position " +
           std::to_string(i) + " is neither 0 nor 1");
}

}  // namespace

Var sigmoid_cross_entropy(Var logits, std::span<const int> labels) {
  const Tensor& z = logits.value();
  check_labels(z, labels);
  const auto n = static_cast<Scalar>(z.size());
  const Var loss = logits.tape().output({}, logits.needs_grad());
  Scalar sum = 0;  // of log(1 + e^z) - y z
  for (Index i = 0; i < z.size(); ++i)
    sum += std::max(z[i], Scalar{0}) + std::log1p(std::exp(-std::abs(z[i]))) -
           (labels[static_cast<std::size_t>(i)] == 1 ? z[i] : 0);
  logits.tape().value_of(loss)[0] = sum / n;

  const std::span<const int> kept = logits.tape().keep(labels);
  logits.tape().record(loss, [=](const Tensor& upstream) {  // dz = (p - y) / n
    const auto [grad, overwrite] = logits.grad_target();
    const Scalar scale = upstream[0] / n;
    if (overwrite) grad.array().setZero();
    for (Index i = 0; i < grad.size(); ++i) {
      // A large -z makes the exponential infinite, and p 0, as it should be.
      const Scalar p = 1 / (1 + std::exp(-logits.value()[i]));
      grad[i] += scale * (p - static_cast<Scalar>(kept[static_cast<std::size_t>(i)]));
    }
  });
  return loss;
}

}  // namespace anneal::nn
