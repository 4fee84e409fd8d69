#pragma once
#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nn/autograd/ops.h"

namespace anneal::nn {

/// A tensor that belongs to a module without being learned, e.g. running statistics.
struct Buffer {
  std::string name;
  Tensor* value;
};

/// A parameter under the name that it has in the whole network, e.g. "0.weight".
struct NamedParameter {
  std::string name;
  Parameter* parameter;
};

/// A map from one Var to another, together with what it learns. Never copied, and moved only into
/// the network that it is a part of: optimizers hold pointers to the parameters (see Parameter).
/// Every class derived from it is final; to change one, wrap it. Whether a pass trains or evaluates
/// is the tape's to say, not the module's.
class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  Module& operator=(Module&&) = delete;
  virtual ~Module() = default;

  virtual Var forward(Var x) = 0;

  /// Dotted names, as PyTorch's, in PyTorch's order.
  virtual std::vector<NamedParameter> parameters() { return {}; }
  virtual std::vector<Buffer> buffers() { return {}; }

 protected:
  Module(Module&&) = default;
};

/// A function of a Var that learns nothing, such as relu, as a module. What has a parameter is a
/// lambda:
/// `[](Var x) { return elu(x, 0.5); }`.
class Apply final : public Module {
 public:
  explicit Apply(Var (*function)(Var)) : function_(function) {}
  Var forward(Var x) override { return function_(x); }

 private:
  Var (*function_)(Var);
};

/// What Sequential is made of: a module, or a function that becomes one.
class Layer {
 public:
  template <std::derived_from<Module> M>
  Layer(M&& module) : module_(std::make_unique<M>(std::move(module))) {}  // NOLINT: implicit, moves
  template <std::convertible_to<Var (*)(Var)> F>
  Layer(F function) : module_(std::make_unique<Apply>(function)) {}  // NOLINT: implicit

 private:
  friend class Sequential;
  mutable std::unique_ptr<Module> module_;  // an initializer list holds constants
};

/// One module after another; child i's parameters are called "i.<name>".
///
///     nn::Sequential net{nn::Linear(784, 128, random), nn::relu, nn::Linear(128, 10, random)};
///
/// Parentheses do not compile: in which order the layers would draw their weights from `random` is
/// then the compiler's choice.
class Sequential final : public Module {
 public:
  explicit Sequential(std::vector<std::unique_ptr<Module>> modules)
      : modules_(std::move(modules)) {}
  Sequential(std::initializer_list<Layer> layers) {
    for (const Layer& layer : layers) modules_.push_back(std::move(layer.module_));
  }

  Var forward(Var x) override;
  std::vector<NamedParameter> parameters() override;
  std::vector<Buffer> buffers() override;
  const std::vector<std::unique_ptr<Module>>& children() const { return modules_; }

 private:
  std::vector<std::unique_ptr<Module>> modules_;
};

/// The tensor in PyTorch's layout: our Linear keeps its weight as (in, out), PyTorch's as (out,
/// in).
Tensor read_parameter(const Parameter& parameter);
/// The inverse. Throws std::invalid_argument, naming the parameter, when the shape is another.
void write_parameter(Parameter& parameter, const Tensor& value);

/// Of how many rows of `logits` (n, classes) the largest element, the first of equals, is at the
/// label. Throws std::invalid_argument for a wrong number of labels.
std::size_t count_correct(const Tensor& logits, std::span<const int> labels);
/// The same as a share, in [0, 1].
double accuracy(const Tensor& logits, std::span<const int> labels);

/// How many numbers the network learns.
Index parameter_count(Module& module);

}  // namespace anneal::nn
