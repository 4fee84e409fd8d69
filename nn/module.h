#pragma once
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

/// A map from one Var to another, together with what it learns. Neither copied nor moved:
/// optimizers hold pointers to the parameters. Every class derived from it is final; to change one,
/// wrap it. Whether a pass trains or evaluates is the tape's to say, not the module's.
class Module {
 public:
  Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  virtual ~Module() = default;

  virtual Var forward(Var x) = 0;

  /// Dotted names, as PyTorch's, in PyTorch's order.
  virtual std::vector<NamedParameter> parameters() { return {}; }
  virtual std::vector<Buffer> buffers() { return {}; }
};

/// One module after another; child i's parameters are called "i.<name>".
class Sequential final : public Module {
 public:
  explicit Sequential(std::vector<std::unique_ptr<Module>> modules)
      : modules_(std::move(modules)) {}
  template <class... Modules>
  explicit Sequential(std::unique_ptr<Modules>... modules) {
    (modules_.push_back(std::move(modules)), ...);
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

/// How many numbers the network learns.
Index parameter_count(Module& module);

}  // namespace anneal::nn
