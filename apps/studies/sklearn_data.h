#pragma once
#include <cstdint>
#include <vector>

#include "nn/autograd/tensor.h"

/// scikit-learn's two toy problems, number for number (sklearn/datasets, make_circles and
/// make_moons): 0 is the outer circle or upper moon, 1 the other, half of the points each, evenly
/// spaced, shuffled, then blurred.
namespace anneal::apps {

enum class Pattern { circles, moons };
constexpr const char* name_of(Pattern pattern) {
  return pattern == Pattern::circles ? "circles" : "moons";
}

/// Points in the plane, (n, 2), and which of two classes each is in.
struct Points {
  nn::Tensor x;
  std::vector<int> labels;
};

/// make_circles(n, noise=0.2, factor=0.5, random_state=seed) or make_moons(n, noise=0.3,
/// random_state=seed), as the example has them.
Points make_points(Pattern pattern, nn::Index n, std::uint32_t seed);

/// MinMaxScaler: what takes each coordinate of some points into [0, 1], for others too.
class MinMaxScaler {
 public:
  explicit MinMaxScaler(const nn::Tensor& x);
  void transform(nn::Tensor& x) const;

 private:
  Eigen::RowVector2d scale_, shift_;
};

}  // namespace anneal::apps
