#pragma once
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// Stochastic gradient descent: v <- momentum v + (1 - dampening) g;  w <- w - lr v.
/// Polyak, "Some methods of speeding up the convergence of iteration methods", 1964. Nesterov steps
/// along g + momentum v instead (Sutskever et al., "On the importance of initialization and
/// momentum", 2013, in PyTorch's form, where lr multiplies v and a change of lr acts at once).
/// The first v is g, undampened, as in PyTorch. Weight decay is L2: g includes weight_decay w.
struct Sgd {
  double momentum = 0.0;
  double dampening = 0.0;
  bool nesterov = false;

  static constexpr std::string_view name = "sgd";
  std::size_t slots() const { return momentum > 0.0 ? 1 : 0; }

  void check() const {
    check_range("sgd: momentum", momentum, 0.0, 1.0);
    check_range("sgd: dampening", dampening, 0.0);
    if (nesterov && (momentum == 0.0 || dampening != 0.0))
      fail("sgd: nesterov wants a momentum above 0 and no dampening");
  }

  void operator()(const Slice& slice, const Update& update) const {
    const auto lr = static_cast<Scalar>(update.lr);
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto keep = static_cast<Scalar>(update.t == 1 ? 0.0 : momentum);
    const auto gain = static_cast<Scalar>(update.t == 1 ? 1.0 : 1.0 - dampening);
    const auto ahead = static_cast<Scalar>(momentum);
    if (slice.kept == 0)
      slice.for_each<0>([=](Scalar& w, Scalar g) { w -= lr * (g + decay * w); });
    else if (nesterov)
      slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& v) {
        const Scalar d = g + decay * w;
        v = keep * v + gain * d;
        w -= lr * (d + ahead * v);
      });
    else
      slice.for_each<1>([=](Scalar& w, Scalar g, Scalar& v) {
        v = keep * v + gain * (g + decay * w);
        w -= lr * v;
      });
  }
};

}  // namespace anneal::optim
