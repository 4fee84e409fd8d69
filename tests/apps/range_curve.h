#pragma once
#include <cmath>
#include <vector>

#include "apps/find_lr/suggestions.h"

/// Curves of a range test whose answers are known.
namespace anneal::apps {

struct Curve {
  std::vector<double> rates;
  std::vector<double> losses;
  operator RangeCurve() const { return {rates, losses}; }
};

/// `count` rates, ten to a decade, with the loss f(log10 of the rate), from 1e-4 on.
template <class F>
Curve curve(int count, F loss) {
  Curve c;
  for (int i = 0; i < count; ++i) {
    const double decade = -4.0 + i / 10.0;
    c.rates.push_back(std::pow(10.0, decade));
    c.losses.push_back(loss(decade));
  }
  return c;
}

/// Falls fastest at 1e-2 and is lowest at 1: 2.3 - 2 sigmoid(3 (x + 2)), and a wall behind 0.
inline double usual(double x) {
  return 2.3 - 2.0 / (1.0 + std::exp(-3.0 * (x + 2.0))) + (x > 0.0 ? 4.0 * x * x : 0.0);
}

}  // namespace anneal::apps
