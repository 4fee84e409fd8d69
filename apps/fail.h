#pragma once

#include <stdexcept>
#include <string>

namespace anneal::apps {

/// Whose fault it is: the caller passed something wrong, or the world (a file, a disk) did.
enum class Fault { argument, world };

/// The one way this folder fails: std::invalid_argument or std::runtime_error.
[[noreturn]] inline void fail(Fault fault, const std::string& message) {
  if (fault == Fault::argument) throw std::invalid_argument(message);
  throw std::runtime_error(message);
}

}  // namespace anneal::apps
