#pragma once
#include "datasets/dataset.h"

namespace anneal::datasets {

/// 28 x 28 images of handwritten-like digits, drawn rather than collected: a few ways of writing
/// each digit as strokes, bent by a smooth random field, slanted, turned, scaled and moved, with a
/// pen of random width and softness. Image i is a pure function of (seed, stream, i), the same
/// bytes on every platform and for any number of threads. Harder for a linear model than MNIST,
/// about as hard for an MLP.
Dataset digits(std::uint64_t seed, nn::Index count, std::uint64_t stream = 0);

}  // namespace anneal::datasets
