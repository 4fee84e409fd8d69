#pragma once
#include <string>
#include <vector>

#include "sched/clock.h"

namespace anneal::sched {

/// The shortest text that reads back as `value`.
std::string number_text(double value);

/// A stretch of training, in the unit that it was written in: `500` updates, `5ep` epochs, or `10%`
/// of a whole: for a stage, of the chain that it stands in; for a parameter, of its own stage.
struct Length {
  enum class Unit { updates, epochs, percent };
  double amount = 0.0;
  Unit unit = Unit::updates;

  /// In updates, not yet rounded, for a whole of `total` updates.
  double in(const Clock& now) const;
  /// The same, rounded to the nearest whole update.
  double steps_in(const Clock& now) const;
  /// Whether so much of the stage is done, to a billionth of an update.
  bool reached(const Clock& now) const { return in(now) <= now.elapsed() + 1e-9; }
  std::string text() const;  ///< "500", "5ep", "10%"
  bool operator==(const Length&) const = default;
};

inline Length updates(double n) {
  return {n, Length::Unit::updates};
}
inline Length epochs(double n) {
  return {n, Length::Unit::epochs};
}
inline Length percent(double p) {
  return {p, Length::Unit::percent};
}

using Lengths = std::vector<Length>;
std::string text(const Lengths& lengths);  ///< "[30ep,60ep]"

}  // namespace anneal::sched
