#pragma once
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <string>

namespace anneal::optim {

/// The one way in which the folder reports a misuse.
[[noreturn]] inline void fail(const std::string& message) {
  throw std::invalid_argument(message);
}

/// The shortest text that reads back as the value.
inline std::string number_text(double value) {
  std::array<char, 32> buffer{};  // the longest double needs 24
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

/// Throws unless value is a number in [low, high), or is finite where there is no `high`.
inline void check_range(const char* name, double value, double low,
                        double high = std::numeric_limits<double>::infinity()) {
  if (value >= low && value < high) return;
  const bool bounded = high < std::numeric_limits<double>::infinity();
  fail(std::string(name) + " is " + number_text(value) + "; wanted " +
       (bounded ? "in [" + number_text(low) + ", " + number_text(high) + ")"
                : "finite and at least " + number_text(low)));
}

}  // namespace anneal::optim
