#pragma once
#include <algorithm>
#include <cmath>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// v <- alpha v + (1 - alpha) g^2;  w <- w - lr g / (sqrt(v) + epsilon). Tieleman & Hinton,
/// "Neural Networks for Machine Learning", lecture 6.5, 2012. `centered` divides by the deviation
/// of g instead, after Graves, "Generating Sequences With Recurrent Neural Networks", 2013, eq. 38.
/// As in PyTorch, epsilon is added to the root, momentum gathers the divided gradients, and weight
/// decay is L2. A variance that rounding makes negative counts as 0, where PyTorch gives nan.
struct RmsProp {
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0.0;
  bool centered = false;

  static constexpr std::string_view name = "rmsprop";
  std::size_t slots() const { return centered || momentum > 0.0 ? 3 : 1; }

  void check() const {
    check_range("rmsprop: alpha", alpha, 0.0, 1.0);
    check_range("rmsprop: epsilon", epsilon, 0.0);
    check_range("rmsprop: momentum", momentum, 0.0, 1.0);
  }

  void operator()(const Slice& slice, const Update& update) const {
    const auto lr = static_cast<Scalar>(update.lr);
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto a = static_cast<Scalar>(alpha);
    const auto one_a = static_cast<Scalar>(1.0 - alpha);
    const auto eps = static_cast<Scalar>(epsilon);
    const auto keep = static_cast<Scalar>(momentum);
    const auto center = static_cast<Scalar>(centered ? 1 : 0);
    if (slice.kept == 1)
      slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& v) {
        const Scalar d = g + decay * w;
        v = a * v + one_a * d * d;
        w -= lr * d / (std::sqrt(v) + eps);
      });
    else
      slice.for_each<3>([=](Scalar& w, Scalar g, Scalar& v, Scalar& mean, Scalar& steps) {
        const Scalar d = g + decay * w;
        v = a * v + one_a * d * d;
        mean = a * mean + one_a * d;
        steps = keep * steps + d / (std::sqrt(std::max(v - center * mean * mean, Scalar{0})) + eps);
        w -= lr * steps;
      });
  }
};

}  // namespace anneal::optim
