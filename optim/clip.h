#pragma once
#include <span>

#include "nn/autograd/tape.h"

namespace anneal::optim {

/// Scales all gradients together so that their common L2 norm is at most max_norm, and returns the
/// norm from before. Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural
/// networks", 2013, algorithm 1, with PyTorch's 1e-6 added to the norm that divides. A norm that is
/// not finite is returned and leaves the gradients as they are: the caller sees the divergence.
/// Parameters without a gradient do not count. Throws std::invalid_argument unless max_norm > 0.
double clip_grad_norm(std::span<nn::Parameter* const> parameters, double max_norm);

/// Brings every element of every gradient into [-limit, limit].
/// Throws std::invalid_argument unless limit > 0.
void clip_grad_value(std::span<nn::Parameter* const> parameters, double limit);

}  // namespace anneal::optim
