#pragma once
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

namespace anneal::optim {

/// The one way in which the folder reports a misuse.
[[noreturn]] inline void fail(const std::string& message) {
  throw std::invalid_argument(message);
}

/// Throws unless value is a number in [low, high), or is finite where there is no `high`.
inline void check_range(const char* name, double value, double low,
                        double high = std::numeric_limits<double>::infinity()) {
  if (value >= low && value < high) return;
  const bool bounded = high < std::numeric_limits<double>::infinity();
  fail(std::string(name) + " is " + std::to_string(value) + "; wanted " +
       (bounded ? "in [" + std::to_string(low) + ", " + std::to_string(high) + ")"
                : "finite and at least " + std::to_string(low)));
}

}  // namespace anneal::optim
