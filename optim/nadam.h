#pragma once
#include <cmath>
#include <string_view>

#include "optim/fail.h"
#include "optim/optimizer.h"

namespace anneal::optim {

/// Adam whose first moment looks one step ahead, as Nesterov's does. Dozat, "Incorporating Nesterov
/// Momentum into Adam", 2016, algorithm 2, with its warming momentum
/// mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2). Weight decay is L2, as in PyTorch. The
/// look-ahead is divided by 1 - mu_1 ... mu_t mu_(t+1); PyTorch 1.13 had mu_t in that product once
/// too often, which `mu_twice` reproduces.
struct NAdam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double momentum_decay = 4e-3;
  bool mu_twice = false;

  static constexpr std::string_view name = "nadam";
  std::size_t slots() const { return 2; }

  void check() const {
    check_range("nadam: beta1", beta1, 0.0, 1.0);
    check_range("nadam: beta2", beta2, 0.0, 1.0);
    check_range("nadam: epsilon", epsilon, 0.0);
    check_range("nadam: momentum_decay", momentum_decay, 0.0);
  }

  void operator()(const Slice& slice, const Update& update) const {
    const double ahead = mu(update.t + 1);
    const double product = mu_product(update.t);
    const auto now_rate = static_cast<Scalar>(update.lr * (1.0 - mu(update.t)) / (1.0 - product));
    const double ahead_product = product * ahead * (mu_twice ? mu(update.t) : 1.0);
    const auto ahead_rate = static_cast<Scalar>(update.lr * ahead / (1.0 - ahead_product));
    const double correction = 1.0 - std::pow(beta2, static_cast<double>(update.t));
    const auto root = static_cast<Scalar>(1.0 / std::sqrt(correction));
    const auto decay = static_cast<Scalar>(update.weight_decay);
    const auto b1 = static_cast<Scalar>(beta1);
    const auto b2 = static_cast<Scalar>(beta2);
    const auto one_b1 = static_cast<Scalar>(1.0 - beta1);
    const auto one_b2 = static_cast<Scalar>(1.0 - beta2);
    const auto eps = static_cast<Scalar>(epsilon);
    slice.for_each<2>([=](Scalar& w, Scalar g, Scalar& m, Scalar& v) {
      const Scalar d = g + decay * w;
      m = b1 * m + one_b1 * d;
      v = b2 * v + one_b2 * d * d;
      w -= (now_rate * d + ahead_rate * m) / (root * std::sqrt(v) + eps);
    });
  }

 private:
  double mu(std::int64_t t) const {
    return beta1 * (1.0 - 0.5 * std::pow(0.96, static_cast<double>(t) * momentum_decay));
  }
  /// mu_1 ... mu_t. It soon falls below the last digit of the 1 that it is subtracted from.
  double mu_product(std::int64_t t) const {
    double product = 1.0;
    for (std::int64_t i = 1; i <= t && product > 1e-18; ++i) product *= mu(i);
    return product;
  }
};

}  // namespace anneal::optim
