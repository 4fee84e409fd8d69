#pragma once
#include <cmath>

namespace anneal::datasets {

struct Point {
  double x = 0.0;
  double y = 0.0;
};
inline Point operator+(Point a, Point b) {
  return {a.x + b.x, a.y + b.y};
}
inline Point operator-(Point a, Point b) {
  return {a.x - b.x, a.y - b.y};
}
inline Point operator*(double s, Point p) {
  return {s * p.x, s * p.y};
}

/// (cos, sin) of an angle in radians, by exactly rounded operations alone: libraries differ in the
/// last bit of theirs, and generated data must be the same everywhere. Good to about 1e-13 for
/// angles of a few turns: a short series far down, then the double-angle formula ten times.
inline Point direction(double angle) {
  const double a = angle / 1024.0;
  const double a2 = a * a;
  double s = a * (1.0 - a2 / 6.0 * (1.0 - a2 / 20.0));
  double c1 = -a2 / 2.0 * (1.0 - a2 / 12.0 * (1.0 - a2 / 30.0));  // cos - 1 keeps its digits
  for (int i = 0; i < 10; ++i) {
    const double doubled = 2.0 * s * (1.0 + c1);
    c1 = -2.0 * s * s;
    s = doubled;
  }
  return {1.0 + c1, s};
}

}  // namespace anneal::datasets
