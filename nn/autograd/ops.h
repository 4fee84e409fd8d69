#pragma once
// All the operations, each a function from Vars to a Var whose gradient is recorded beside it.
#include "nn/autograd/ops/activations.h"            // IWYU pragma: export
#include "nn/autograd/ops/arithmetic.h"             // IWYU pragma: export
#include "nn/autograd/ops/dropout.h"                // IWYU pragma: export
#include "nn/autograd/ops/linear.h"                 // IWYU pragma: export
#include "nn/autograd/ops/normalization.h"          // IWYU pragma: export
#include "nn/autograd/ops/reductions.h"             // IWYU pragma: export
#include "nn/autograd/ops/shaping.h"                // IWYU pragma: export
#include "nn/autograd/ops/sigmoid_cross_entropy.h"  // IWYU pragma: export
#include "nn/autograd/ops/softmax.h"                // IWYU pragma: export
