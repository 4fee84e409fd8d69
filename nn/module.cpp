#include "nn/module.h"

#include "nn/autograd/fail.h"

namespace anneal::nn {
namespace {

std::string child_name(std::size_t index, const std::string& name) {
  return std::to_string(index) + "." + name;
}

}  // namespace

Var Sequential::forward(Var x) {
  for (const auto& module : modules_) x = module->forward(x);
  return x;
}

std::vector<NamedParameter> Sequential::parameters() {
  std::vector<NamedParameter> all;
  for (std::size_t i = 0; i < modules_.size(); ++i)
    for (const auto& [name, parameter] : modules_[i]->parameters())
      all.push_back({child_name(i, name), parameter});
  return all;
}

std::vector<Buffer> Sequential::buffers() {
  std::vector<Buffer> all;
  for (std::size_t i = 0; i < modules_.size(); ++i)
    for (const auto& [name, value] : modules_[i]->buffers())
      all.push_back({child_name(i, name), value});
  return all;
}

Tensor read_parameter(const Parameter& parameter) {
  if (!parameter.transposed) return parameter.value;
  const Shape& shape = parameter.value.shape();
  Tensor out(Shape{shape[1], shape[0]});
  out.matrix() = parameter.value.matrix().transpose();
  return out;
}

void write_parameter(Parameter& parameter, const Tensor& value) {
  const Shape& own = parameter.value.shape();
  const Shape wanted = parameter.transposed ? Shape{own[1], own[0]} : own;
  if (value.shape() != wanted)
    fail("parameter '" + parameter.name + "': got " + value.shape().text() + ", wanted " +
         wanted.text());
  if (parameter.transposed)
    parameter.value.matrix() = value.matrix().transpose();
  else
    parameter.value = value;
}

std::size_t count_correct(const Tensor& logits, std::span<const int> labels) {
  if (logits.shape().rank() != 2 || logits.cols() < 2 || labels.empty() ||
      logits.rows() != static_cast<Index>(labels.size()))
    fail("accuracy: logits of shape " + logits.shape().text() + " for " +
         std::to_string(labels.size()) + " labels; wanted (labels, classes), two classes at least");
  std::size_t correct = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    Index best = 0;
    logits.matrix().row(static_cast<Index>(row)).maxCoeff(&best);
    if (best == labels[row]) ++correct;
  }
  return correct;
}

double accuracy(const Tensor& logits, std::span<const int> labels) {
  return static_cast<double>(count_correct(logits, labels)) / static_cast<double>(labels.size());
}

Index parameter_count(Module& module) {
  Index count = 0;
  for (const auto& [name, parameter] : module.parameters()) count += parameter->value.size();
  return count;
}

}  // namespace anneal::nn
