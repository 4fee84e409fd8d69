#pragma once
#include <cmath>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// Adam that goes without its second moment while that is estimated from too few gradients, and is
/// scaled by the certainty of the estimate afterwards: a warmup that needs no tuning. Liu et al.,
/// "On the Variance of the Adaptive Learning Rate and Beyond", 2020, algorithm 2; the threshold on
/// rho_t is 5, as in PyTorch, where the paper has 4. Weight decay is L2.
struct RAdam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  static constexpr std::string_view name = "radam";
  std::size_t slots() const { return 2; }

  void check() const {
    check_range("radam: beta1", beta1, 0.0, 1.0);
    check_range("radam: beta2", beta2, 0.0, 1.0);
    check_range("radam: epsilon", epsilon, 0.0);
  }

  void operator()(const Slice& slice, const Update& update) const {
    const auto t = static_cast<double>(update.t);
    const double power = std::pow(beta2, t);
    const double rho_end = 2.0 / (1.0 - beta2) - 1.0;
    const double rho = rho_end - 2.0 * t * power / (1.0 - power);
    const double rate = update.lr / (1.0 - std::pow(beta1, t));
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto b1 = static_cast<Scalar>(beta1);
    const auto b2 = static_cast<Scalar>(beta2);
    const auto one_b1 = static_cast<Scalar>(1.0 - beta1);
    const auto one_b2 = static_cast<Scalar>(1.0 - beta2);
    const auto eps = static_cast<Scalar>(epsilon);
    if (rho > 5.0) {
      const double certainty = std::sqrt((rho - 4.0) * (rho - 2.0) * rho_end /
                                         ((rho_end - 4.0) * (rho_end - 2.0) * rho));
      const auto scale = static_cast<Scalar>(rate * certainty * std::sqrt(1.0 - power));
      slice.for_each<2>([=](Scalar& w, Scalar g, Scalar& m, Scalar& v) {
        const Scalar d = g + decay * w;
        m = b1 * m + one_b1 * d;
        v = b2 * v + one_b2 * d * d;
        w -= scale * m / (std::sqrt(v) + eps);
      });
    } else {
      const auto scale = static_cast<Scalar>(rate);
      slice.for_each<2>([=](Scalar& w, Scalar g, Scalar& m, Scalar& v) {
        const Scalar d = g + decay * w;
        m = b1 * m + one_b1 * d;
        v = b2 * v + one_b2 * d * d;
        w -= scale * m;
      });
    }
  }
};

}  // namespace anneal::optim
