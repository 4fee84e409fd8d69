#pragma once
#include <span>

#include "nn/autograd/tape.h"

namespace anneal::nn {

/// Over the last axis: the elements of each row become positive and sum to 1.
Var softmax(Var x);
/// log(softmax(x)), without overflow or cancellation.
Var log_softmax(Var x);

/// The mean over rows of -sum_c q_c log softmax(logits)_c, a single number: logits (n, classes),
/// and q the one-hot `labels`, n of them in [0, classes), mixed with the uniform distribution: q =
/// (1 - s) onehot + s / classes, s being `label_smoothing` (Szegedy et al., "Rethinking the
/// Inception Architecture", 2016, section 7). The tape keeps a copy of the labels.
/// Throws std::invalid_argument for a wrong number of labels or a label out of range.
Var softmax_cross_entropy(Var logits, std::span<const int> labels, Scalar label_smoothing = 0);

}  // namespace anneal::nn
