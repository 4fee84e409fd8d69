#pragma once
#include <string>

namespace anneal::sched {

/// The one way in which the folder reports a mistake: throws std::invalid_argument. Built without
/// exceptions, as for WebAssembly, it ends the program instead.
[[noreturn]] void fail(const std::string& message);

}  // namespace anneal::sched
