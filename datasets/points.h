#pragma once
#include "datasets/dataset.h"

namespace anneal::datasets {

/// Points in the plane whose classes no straight line separates, for pictures of what a network has
/// learned. Each is a pure function of the seed, the stream (training or test) and its index.

/// `arms` spirals wound into one another, one and a half turns each; noise is the standard
/// deviation of both coordinates, which lie about in [-1, 1].
Dataset spirals(std::uint64_t seed, nn::Index count, std::uint64_t stream, int arms = 3,
                double noise = 0.03);

/// Two half circles of radius 1, interleaved, in the form of scikit-learn's make_moons.
Dataset moons(std::uint64_t seed, nn::Index count, std::uint64_t stream, double noise = 0.2);

}  // namespace anneal::datasets
