#include "sched/fail.h"

#include <stdexcept>

namespace anneal::sched {

void fail(const std::string& message) {
#ifdef __cpp_exceptions
  throw std::invalid_argument(message);
#else
  static_cast<void>(message);
  __builtin_trap();
#endif
}

}  // namespace anneal::sched
