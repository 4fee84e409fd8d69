#pragma once
#include <stdexcept>
#include <string>

namespace anneal::datasets {

/// The one way in which the folder fails: what was found, what was wanted, in which file.
[[noreturn]] inline void fail(const std::string& message) {
  throw std::runtime_error(message);
}

}  // namespace anneal::datasets
