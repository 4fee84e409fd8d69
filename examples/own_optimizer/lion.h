#pragma once
#include <algorithm>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

/// Lion: c = beta1 m + (1 - beta1) g;  w <- w - lr (sign(c) + weight_decay w);  m <- beta2 m + (1 -
/// beta2) g. Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2. Every
/// element moves by the rate itself: take a rate three to ten times smaller than Adam's (section
/// 5).
struct Lion {
  double beta1 = 0.9;
  double beta2 = 0.99;

  static constexpr std::string_view name = "lion";
  std::size_t slots() const { return 1; }

  void check() const {
    anneal::optim::check_range("lion: beta1", beta1, 0.0, 1.0);
    anneal::optim::check_range("lion: beta2", beta2, 0.0, 1.0);
  }

  void operator()(const anneal::optim::Slice& slice, const anneal::optim::Update& update) const {
    using anneal::optim::Scalar;
    const auto lr = static_cast<Scalar>(update.lr);
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto b1 = static_cast<Scalar>(beta1);
    const auto b2 = static_cast<Scalar>(beta2);
    slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& m) {
      const Scalar c = b1 * m + (1 - b1) * g;
      const auto sign = static_cast<Scalar>((c > 0) - (c < 0));
      w -= lr * (sign + decay * w);
      m = b2 * m + (1 - b2) * g;
    });
  }
};
