#pragma once
#include "nn/init.h"
#include "nn/module.h"

namespace anneal::nn {

/// y = activation(x W + b): x (n, ..., in), weight (in, out), bias (out) -> (n, ..., out).
/// Starts as PyTorch's Linear does: uniform in +-1 / sqrt(in); parameters "weight" and "bias".
class Linear final : public Module {
 public:
  Linear(Index in, Index out, Random& random, Activation activation = Activation::none);
  Var forward(Var x) override;
  std::vector<NamedParameter> parameters() override;

 private:
  Parameter weight_, bias_;
  Activation activation_;
};

/// See nn::dropout; nothing in evaluation.
class Dropout final : public Module {
 public:
  /// Throws std::invalid_argument unless 0 <= p < 1.
  explicit Dropout(double p);
  Var forward(Var x) override { return dropout(x, p_); }
  /// From the next pass on; throws as the constructor does.
  void set_probability(double p);

 private:
  double p_ = 0.0;
};

/// See nn::layer_norm. Parameters "weight" (the gain) and "bias", as PyTorch calls them.
class LayerNorm final : public Module {
 public:
  explicit LayerNorm(Index features);
  Var forward(Var x) override;
  std::vector<NamedParameter> parameters() override;

 private:
  Parameter weight_, bias_;
};

/// See nn::batch_norm. Parameters "weight" (the gain) and "bias"; buffers "running_mean" and
/// "running_var", which start at 0 and 1.
class BatchNorm1d final : public Module {
 public:
  explicit BatchNorm1d(Index features);
  Var forward(Var x) override;
  std::vector<NamedParameter> parameters() override;
  std::vector<Buffer> buffers() override;

 private:
  Parameter weight_, bias_;
  RunningStatistics running_;
};

/// (n, ...) -> (n, all the rest).
class Flatten final : public Module {
 public:
  Var forward(Var x) override;
};

}  // namespace anneal::nn
