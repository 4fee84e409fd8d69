#pragma once
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// Momentum with the rate inside the velocity: v <- momentum v - lr g;  w <- w + v.
/// Sutskever et al., "On the importance of initialization and momentum", 2013, eqs. 1 and 2; the
/// form of scikit-learn and Keras. Nesterov steps by momentum v - lr g instead, v being the new one
/// (Bengio et al., "Advances in optimizing recurrent networks", 2013, section 3.5).
/// Under a constant rate this is Sgd. When the rate falls, Sgd scales the whole velocity down at
/// once; here what was gathered at the old rate is still travelled at the old rate.
/// Weight decay is L2: g includes weight_decay w.
struct ClassicalMomentum {
  double momentum = 0.9;
  bool nesterov = false;

  static constexpr std::string_view name = "classical_momentum";
  std::size_t slots() const { return 1; }

  void check() const { check_range("classical_momentum: momentum", momentum, 0.0, 1.0); }

  void operator()(const Slice& slice, const Update& update) const {
    const auto lr = static_cast<Scalar>(update.lr);
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto keep = static_cast<Scalar>(momentum);
    if (nesterov)
      slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& v) {
        const Scalar step = lr * (g + decay * w);
        v = keep * v - step;
        w += keep * v - step;
      });
    else
      slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& v) {
        v = keep * v - lr * (g + decay * w);
        w += v;
      });
  }
};

}  // namespace anneal::optim
