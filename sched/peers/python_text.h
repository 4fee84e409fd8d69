#pragma once
#include "sched/peers/python.h"

namespace anneal::sched::python {

/// The value as Python writes it: read() takes it back. Strings stand in double quotes.
std::string text(const Value& value);

}  // namespace anneal::sched::python
