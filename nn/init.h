#pragma once
#include "nn/autograd/random.h"
#include "nn/autograd/tensor.h"

/// Initial weights, for tensors stored as (fan_in, fan_out): each row belongs to one input.
/// Every function returns the same numbers on every platform.
namespace anneal::nn::init {

enum class Distribution { uniform, normal };

/// PyTorch's default for Linear, weight and bias: uniform in +-1 / sqrt(fan_in).
void torch_default(Tensor& t, Index fan_in, Random& random);
/// Variance gain^2 / fan_in; gain sqrt(2) suits ReLU. He et al., "Delving Deep into Rectifiers",
/// 2015, eq. 10.
void kaiming(Tensor& t, Distribution distribution, Random& random,
             double gain = 1.4142135623730951);
/// Variance 2 gain^2 / (fan_in + fan_out). Glorot & Bengio, "Understanding the difficulty of
/// training deep feedforward neural networks", 2010, eqs. 12 and 16.
void xavier(Tensor& t, Distribution distribution, Random& random, double gain = 1.0);
void zeros(Tensor& t);

}  // namespace anneal::nn::init
