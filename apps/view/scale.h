#pragma once

#include <span>
#include <string>
#include <vector>

#include "apps/view/series.h"

namespace anneal::apps {

/// A place on an axis and what is written there.
struct Tick {
  double value = 0.0;
  std::string text = {};
};

/// An axis: where values lie between its ends, and round values to write beside it.
class Scale {
 public:
  enum class Kind { linear, logarithmic };
  enum class Ends { exact, rounded };

  /// An axis from `low` to `high`, both of which it holds(), with about `ticks` ticks.
  /// Rounded ends are moved outwards to ticks; ends that coincide are moved apart.
  Scale(double low, double high, Kind kind, Ends ends, int ticks);

  /// 0 at the low end, 1 at the high end.
  double operator()(double value) const;

  /// Whether a value has a place on an axis of this kind: up to 1e300 in magnitude, on a
  /// logarithmic one from 1e-300.
  static bool holds(double value, Kind kind);
  bool holds(double value) const { return holds(value, kind_); }

  const std::vector<Tick>& ticks() const { return ticks_; }

 private:
  void linear_ticks(Ends ends, int wanted);
  void logarithmic_ticks(Ends ends, int wanted);

  double low_;
  double high_;
  Kind kind_;
  std::vector<Tick> ticks_ = {};
};

/// The points of all series that axes of these kinds hold(): those that stretch the axes.
struct Points {
  std::vector<double> x;
  std::vector<double> y;
};
Points drawable(std::span<const Series> series, Scale::Kind y, Scale::Kind x = Scale::Kind::linear);

/// An axis that fits all the values it holds(), or one from 0 to 1 when there are none.
Scale fit(const std::vector<double>& values, Scale::Kind kind, Scale::Ends ends, int ticks);

}  // namespace anneal::apps
