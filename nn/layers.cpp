#include "nn/layers.h"

#include "nn/autograd/fail.h"

namespace anneal::nn {
namespace {

void set(Parameter& parameter, const char* name, const Shape& shape, Scalar value) {
  parameter.name = name;
  parameter.value = Tensor(shape, value);
}

}  // namespace

Linear::Linear(Index in, Index out, Random& random, Activation activation)
    : activation_(activation) {
  if (in < 1 || out < 1)
    fail("Linear: " + std::to_string(in) + " inputs and " + std::to_string(out) +
         " outputs; wanted at least one of each");
  set(weight_, "weight", {in, out}, 0);
  set(bias_, "bias", {out}, 0);
  weight_.transposed = true;
  init::torch_default(weight_.value, in, random);
  init::torch_default(bias_.value, in, random);
}

Var Linear::forward(Var x) {
  return linear(x, x.tape().watch(weight_), x.tape().watch(bias_), activation_);
}

std::vector<NamedParameter> Linear::parameters() {
  return {{"weight", &weight_}, {"bias", &bias_}};
}

Dropout::Dropout(double p) {
  set_probability(p);
}

void Dropout::set_probability(double p) {
  if (!(p >= 0.0 && p < 1.0))
    fail("Dropout: probability " + std::to_string(p) + " is not in [0, 1)");
  p_ = p;
}

LayerNorm::LayerNorm(Index features) {
  set(weight_, "weight", {features}, 1);
  set(bias_, "bias", {features}, 0);
}

Var LayerNorm::forward(Var x) {
  return layer_norm(x, x.tape().watch(weight_), x.tape().watch(bias_));
}

std::vector<NamedParameter> LayerNorm::parameters() {
  return {{"weight", &weight_}, {"bias", &bias_}};
}

BatchNorm1d::BatchNorm1d(Index features)
    : running_{Tensor(Shape{features}, 0), Tensor(Shape{features}, 1)} {
  set(weight_, "weight", {features}, 1);
  set(bias_, "bias", {features}, 0);
}

Var BatchNorm1d::forward(Var x) {
  return batch_norm(x, x.tape().watch(weight_), x.tape().watch(bias_), running_);
}

std::vector<NamedParameter> BatchNorm1d::parameters() {
  return {{"weight", &weight_}, {"bias", &bias_}};
}

std::vector<Buffer> BatchNorm1d::buffers() {
  return {{"running_mean", &running_.mean}, {"running_var", &running_.variance}};
}

Var Flatten::forward(Var x) {
  if (x.shape().rank() < 1) fail("Flatten: " + x.shape().text() + " has no first extent to keep");
  const Index n = x.shape()[0];
  return reshape(x, {n, n == 0 ? 0 : x.value().size() / n});
}

}  // namespace anneal::nn
