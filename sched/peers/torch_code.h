#pragma once
#include <string>
#include <string_view>

namespace anneal::sched::peers::torch {

/// The call as runnable Python, given an `optimizer`: with modules, and every argument by its name.
/// It is written anew from what was read, so that nothing of the text is code but what it means.
std::string python_of(std::string_view call);

}  // namespace anneal::sched::peers::torch
