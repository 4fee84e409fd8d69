#pragma once
#include <cmath>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// s <- s + g^2;  w <- w - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + epsilon). Duchi, Hazan &
/// Singer, "Adaptive Subgradient Methods", JMLR 12, 2011. As in PyTorch, weight decay is L2; its
/// lr_decay is an inverse-time schedule of its own, better left at 0 beside a schedule of ours.
struct Adagrad {
  double lr_decay = 0.0;
  double epsilon = 1e-10;
  double initial_accumulator = 0.0;  ///< what s starts at

  static constexpr std::string_view name = "adagrad";
  std::size_t slots() const { return 1; }

  void check() const {
    check_range("adagrad: lr_decay", lr_decay, 0.0);
    check_range("adagrad: epsilon", epsilon, 0.0);
    check_range("adagrad: initial_accumulator", initial_accumulator, 0.0);
  }

  void operator()(const Slice& slice, const Update& update) const {
    const double rate = update.lr / (1.0 + static_cast<double>(update.t - 1) * lr_decay);
    const auto lr = static_cast<Scalar>(rate);
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto eps = static_cast<Scalar>(epsilon);
    const auto start = static_cast<Scalar>(update.t == 1 ? initial_accumulator : 0.0);
    slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& s) {
      const Scalar d = g + decay * w;
      s += start + d * d;
      w -= lr * d / (std::sqrt(s) + eps);
    });
  }
};

}  // namespace anneal::optim
