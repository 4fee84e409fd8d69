#pragma once
#include <stdexcept>
#include <string>

namespace anneal::nn {

/// The one way in which the folder reports a misuse: what was given, what was wanted, where.
[[noreturn]] inline void fail(const std::string& message) {
  throw std::invalid_argument(message);
}

}  // namespace anneal::nn
