#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// (n, ..., k) by (k, m) -> (n, ..., m). Throws std::invalid_argument when the inner extents
/// differ.
Var matmul(Var a, Var b);

/// The activations that `linear` can apply on its way out: those whose derivative can be read off
/// their value, so that nothing else has to be kept.
enum class Activation { none, relu, sigmoid, tanh };

/// activation(x W + b): x (n, ..., in), W (in, out), b (out) -> (n, ..., out), in one operation,
/// because it is what training spends its time in. Throws std::invalid_argument when shapes differ.
Var linear(Var x, Var weight, Var bias, Activation activation = Activation::none);

}  // namespace anneal::nn
