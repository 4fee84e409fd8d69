#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// Over the last axis: each row of x (n, ..., d) is brought to mean 0 and variance 1, then
/// multiplied by gain (d) and shifted by bias (d). Ba, Kiros & Hinton, "Layer Normalization", 2016,
/// eq. 4. `epsilon` is added to the variance. Throws std::invalid_argument when shapes differ.
Var layer_norm(Var x, Var gain, Var bias, Scalar epsilon = Scalar(1e-5));

/// What batch normalisation knows of the data: mean (d) and variance (d) of each feature.
struct RunningStatistics {
  Tensor mean;
  Tensor variance;
};

/// Each column of x (n, d) is brought to mean 0 and variance 1, then multiplied by gain (d) and
/// shifted by bias (d). Ioffe & Szegedy, "Batch Normalization", 2015, algorithm 1. In training the
/// statistics are the batch's, and `running` moves towards them by the fraction `momentum` (its
/// variance being the unbiased one, as in PyTorch); in evaluation they are `running`.
/// Throws std::invalid_argument when shapes differ or a training batch has fewer than two rows.
Var batch_norm(Var x, Var gain, Var bias, RunningStatistics& running, Scalar momentum = Scalar(0.1),
               Scalar epsilon = Scalar(1e-5));

}  // namespace anneal::nn
