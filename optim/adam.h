#pragma once
#include <algorithm>
#include <cmath>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015, algorithm 1; amsgrad after
/// Reddi, Kale & Kumar, "On the Convergence of Adam and Beyond", 2018, algorithm 2.
/// Weight decay is L2: g includes weight_decay w. See AdamW for decay that is decoupled.
struct Adam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;  ///< added to the root of the corrected second moment, as in PyTorch
  bool amsgrad = false;   ///< divide by the largest second moment so far
  /// Add epsilon to the uncorrected root, as TensorFlow and scikit-learn do: the faster form at the
  /// end of the paper's section 2, where it is called epsilon hat. In the first steps it weighs
  /// more.
  bool epsilon_hat = false;

  static constexpr std::string_view name = "adam";
  std::size_t slots() const { return amsgrad ? 3 : 2; }

  void check() const { check_as("adam"); }
  void operator()(const Slice& slice, const Update& update) const {
    step(slice, update, 1.0, update.weight_decay);
  }

  // What AdamW shares:

  void check_as(const std::string& rule) const {
    check_range((rule + ": beta1").c_str(), beta1, 0.0, 1.0);
    check_range((rule + ": beta2").c_str(), beta2, 0.0, 1.0);
    check_range((rule + ": epsilon").c_str(), epsilon, 0.0);
  }

  /// w <- shrink w, then a step along the moments of g + l2 w.
  void step(const Slice& slice, const Update& update, double shrink_by, double l2_by) const {
    const auto t = static_cast<double>(update.t);
    const auto rate = static_cast<Scalar>(update.lr / (1.0 - std::pow(beta1, t)));
    const double correction = 1.0 / std::sqrt(1.0 - std::pow(beta2, t));
    const auto root = static_cast<Scalar>(correction);
    const auto b1 = static_cast<Scalar>(beta1);
    const auto b2 = static_cast<Scalar>(beta2);
    const auto one_b1 = static_cast<Scalar>(1.0 - beta1);
    const auto one_b2 = static_cast<Scalar>(1.0 - beta2);
    const auto eps = static_cast<Scalar>(epsilon_hat ? epsilon * correction : epsilon);
    const auto shrink = static_cast<Scalar>(shrink_by);
    const auto l2 = static_cast<Scalar>(l2_by);
    if (amsgrad)
      slice.for_each<3>([=](Scalar& w, Scalar g, Scalar& m, Scalar& v, Scalar& largest) {
        const Scalar d = g + l2 * w;
        m = b1 * m + one_b1 * d;
        v = b2 * v + one_b2 * d * d;
        largest = std::max(largest, v);
        w = shrink * w - rate * m / (root * std::sqrt(largest) + eps);
      });
    else
      slice.for_each<2>([=](Scalar& w, Scalar g, Scalar& m, Scalar& v) {
        const Scalar d = g + l2 * w;
        m = b1 * m + one_b1 * d;
        v = b2 * v + one_b2 * d * d;
        w = shrink * w - rate * m / (root * std::sqrt(v) + eps);
      });
  }
};

}  // namespace anneal::optim
