#include "optim/clip.h"

#include <algorithm>
#include <cmath>

#include "optim/fail.h"

namespace anneal::optim {
namespace {

void check_positive(const char* name, double value) {
  if (!(value > 0.0)) fail(std::string(name) + " is " + number_text(value) + "; wanted above 0");
}

}  // namespace

double clip_grad_norm(std::span<nn::Parameter* const> parameters, double max_norm) {
  check_positive("clip_grad_norm: max_norm", max_norm);
  double squares = 0.0;  // in one order, and in double: the same on any number of threads
  for (const nn::Parameter* p : parameters)
    if (p->has_grad) squares += p->grad.array().cast<double>().square().sum();
  const double norm = std::sqrt(squares);
  const double scale = max_norm / (norm + 1e-6);
  if (std::isfinite(norm) && scale < 1.0)
    for (nn::Parameter* p : parameters)
      if (p->has_grad) p->grad.array() *= static_cast<nn::Scalar>(scale);
  return norm;
}

void clip_grad_value(std::span<nn::Parameter* const> parameters, double limit) {
  check_positive("clip_grad_value: limit", limit);
  const auto bound = static_cast<nn::Scalar>(limit);
  for (nn::Parameter* p : parameters)
    if (p->has_grad) p->grad.array() = p->grad.array().max(-bound).min(bound);
}

}  // namespace anneal::optim
