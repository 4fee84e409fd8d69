#pragma once
#include <cmath>
#include <functional>
#include <vector>

#include "nn/autograd/ops.h"

/// Gradients against central differences; to be compiled with ANNEAL_SCALAR=double.
namespace anneal::nn {

using Function = std::function<Var(Tape&, const std::vector<Var>&)>;

/// The largest error among the gradients of <r, f(inputs)>, r being fixed random numbers, relative
/// to the largest gradient of the same input. About 1e-9 for a right derivative.
inline double gradient_error(const Function& f, std::vector<Parameter*> inputs) {
  Tensor r;  // filled by the first call, which finds out the shape
  const auto loss = [&](Tape& tape) {
    std::vector<Var> vars;
    vars.reserve(inputs.size());
    for (Parameter* p : inputs) vars.push_back(tape.watch(*p));
    const Var y = f(tape, vars);
    if (r.shape() != y.shape()) {
      r = Tensor(y.shape());
      Random random(7, Purpose::samples);
      for (Index i = 0; i < r.size(); ++i) r[i] = random.uniform(0.5, 1.5);
    }
    return sum(mul(y, tape.constant(r)));
  };

  for (Parameter* p : inputs) p->has_grad = false;
  Tape tape(3);
  tape.backward(loss(tape));

  constexpr double h = 1e-5;
  double worst = 0.0;
  for (Parameter* p : inputs) {
    double largest = 0.0;
    double error = 0.0;
    for (Index i = 0; i < p->value.size(); ++i) {
      const auto at = [&](double shift) {
        const Scalar saved = p->value[i];
        p->value[i] = saved + shift;
        Tape other(3);  // the same seed: dropout drops the same elements
        const double value = loss(other).value()[0];
        p->value[i] = saved;
        return value;
      };
      const double numeric = (at(h) - at(-h)) / (2 * h);
      const double analytic = p->has_grad ? p->grad[i] : 0.0;
      largest = std::max(largest, std::abs(numeric));
      error = std::max(error, std::abs(numeric - analytic));
    }
    worst = std::max(worst, error / std::max(largest, 1e-3));
  }
  return worst;
}

/// A parameter with elements in [low, high), none within 0.05 of 0, where some derivatives jump.
inline Parameter random_parameter(const Shape& shape, Random& random, double low, double high) {
  Parameter p;
  p.value = Tensor(shape);
  for (Index i = 0; i < p.value.size(); ++i) do
      p.value[i] = random.uniform(low, high);
    while (std::abs(p.value[i]) < 0.05);
  return p;
}

}  // namespace anneal::nn
