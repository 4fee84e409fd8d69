#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

Var sum(Var x);   ///< of all elements, a single number of shape ()
Var mean(Var x);  ///< of all elements, a single number of shape ()

/// Along one axis, which the result no longer has: (n, m) by axis 0 gives (m).
/// Throws std::invalid_argument when x has no such axis.
Var sum(Var x, int axis);
Var mean(Var x, int axis);

/// The mean over all elements of (prediction - target)^2; the shapes are equal.
Var mse_loss(Var prediction, Var target);

}  // namespace anneal::nn
