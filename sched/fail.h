#pragma once
#include <string>
#include <string_view>

namespace anneal::sched {

/// The one way in which the folder reports a mistake: throws std::invalid_argument. Built without
/// exceptions, as for WebAssembly, it ends the program instead.
[[noreturn]] void fail(const std::string& message);

/// A text as messages show it: on one line, without what would move a terminal's cursor, and, if it
/// is long, its beginning.
std::string shown(std::string_view text);

}  // namespace anneal::sched
