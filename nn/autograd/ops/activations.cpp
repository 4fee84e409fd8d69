#include "nn/autograd/ops/activations.h"

#include <cmath>
#include <numbers>

#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {
namespace {

/// Phi and phi: distribution and density of the standard normal.
Scalar normal_cdf(Scalar x) {
  return Scalar(0.5) * std::erfc(-x / std::numbers::sqrt2_v<Scalar>);
}
Scalar normal_pdf(Scalar x) {
  constexpr Scalar scale = std::numbers::inv_sqrtpi_v<Scalar> / std::numbers::sqrt2_v<Scalar>;
  return scale * std::exp(Scalar(-0.5) * x * x);
}

}  // namespace

Var relu(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.max(Scalar{0}); },
      [](auto v, auto, auto g) { return (v > Scalar{0}).select(g, Scalar{0}); });
}

Var leaky_relu(Var x, Scalar slope) {
  return detail::elementwise(
      x, [slope](auto v) { return (v > Scalar{0}).select(v, slope * v); },
      [slope](auto v, auto, auto g) { return (v > Scalar{0}).select(g, slope * g); });
}

Var elu(Var x, Scalar alpha) {
  return detail::elementwise(
      x, [alpha](auto v) { return (v > Scalar{0}).select(v, alpha * v.expm1()); },
      [alpha](auto v, auto y, auto g) { return (v > Scalar{0}).select(g, g * (y + alpha)); });
}

Var gelu(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v * v.unaryExpr(&normal_cdf); },
      [](auto v, auto, auto g) {
        return g * (v.unaryExpr(&normal_cdf) + v * v.unaryExpr(&normal_pdf));
      });
}

Var silu(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v * v.logistic(); },
      [](auto v, auto y, auto g) { return g * (y + v.logistic() * (Scalar{1} - y)); });
}

Var sigmoid(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.logistic(); },
      [](auto, auto y, auto g) { return g * y * (Scalar{1} - y); });
}

Var tanh(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.tanh(); },
      [](auto, auto y, auto g) { return g * (Scalar{1} - y * y); });
}

Var softplus(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.max(Scalar{0}) + (-v.abs()).exp().log1p(); },
      [](auto v, auto, auto g) { return g * v.logistic(); });
}

}  // namespace anneal::nn
