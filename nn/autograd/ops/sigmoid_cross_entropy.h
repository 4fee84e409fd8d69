#pragma once
#include <span>

#include "nn/autograd/tape.h"

namespace anneal::nn {

/// The mean of -y log p - (1 - y) log(1 - p), p = sigmoid(logit), a single number: one logit for
/// each of the `labels`, which are 0 or 1; logits (n) or (n, 1). No logit is too large for it. The
/// tape keeps a copy of the labels. Throws std::invalid_argument for a wrong number of labels or
/// a label that is neither.
Var sigmoid_cross_entropy(Var logits, std::span<const int> labels);

}  // namespace anneal::nn
