#pragma once

#include <cmath>

namespace anneal::apps {

/// Exponential moving average over about `window` values, unbiased from the first on (Kingma and
/// Ba, "Adam", 2015, section 3). Values that are not finite are passed over.
class Smooth {
 public:
  explicit Smooth(double window) : decay_(1.0 - 1.0 / window) {}

  void add(double value) {
    if (!std::isfinite(value)) return;
    sum_ = decay_ * sum_ + (1.0 - decay_) * value;
    weight_ = decay_ * weight_ + (1.0 - decay_);
  }

  /// The average so far; NaN before the first value.
  double value() const { return sum_ / weight_; }

 private:
  double decay_;
  double sum_ = 0.0;
  double weight_ = 0.0;
};

}  // namespace anneal::apps
