#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// Each treats every element by itself, as the function of the same name in PyTorch does.
Var relu(Var x);                                     ///< max(x, 0); the derivative at 0 is 0
Var leaky_relu(Var x, Scalar slope = Scalar(0.01));  ///< x, or slope x where x <= 0
Var elu(Var x, Scalar alpha = 1);                    ///< x, or alpha (e^x - 1) where x <= 0
Var gelu(Var x);                                     ///< x Phi(x), exact: with erf, not with tanh
Var silu(Var x);                                     ///< x sigmoid(x)
Var sigmoid(Var x);                                  ///< 1 / (1 + e^-x)
Var tanh(Var x);
Var softplus(Var x);  ///< log(1 + e^x), without overflow

}  // namespace anneal::nn
