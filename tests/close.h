#pragma once
#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>

/// A value and how far from it another may be: `CHECK(x == close(0.1, 1e-12))`, whose failure
/// prints both, or `CHECK(close(x, 0.1, 1e-12))`.
///
/// `relative` is a fraction of the larger of the two magnitudes, however small they are, so near 0
/// nothing but 0 is close to 0. Equal infinities are close; NaN is close to nothing.
struct Close {
  double value;
  double relative;
  double absolute = 0.0;  ///< allowed besides; for what ought to be 0 and is a rounding error

  /// For sums whose terms cancel: an error that does not shrink with the result.
  Close or_within(double absolute_error) const { return {value, relative, absolute_error}; }

  friend bool operator==(double x, const Close& near) {
    if (x == near.value) return true;
    const double magnitude = std::max(std::abs(x), std::abs(near.value));
    return std::isfinite(magnitude) &&
           std::abs(x - near.value) <= std::max(near.relative * magnitude, near.absolute);
  }
  friend std::ostream& operator<<(std::ostream& out, const Close& near) {
    const auto digits = out.precision(std::numeric_limits<double>::max_digits10);
    out << near.value << " within a fraction of " << near.relative;
    if (near.absolute != 0.0) out << " or " << near.absolute;
    out.precision(digits);
    return out;
  }
};

/// For comparing with ==, and seeing both values when they differ.
inline Close close(double value, double relative) {
  return {value, relative};
}
inline bool close(double a, double b, double relative) {
  return a == close(b, relative);
}
