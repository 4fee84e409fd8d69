#pragma once
#include "sched/cursor.h"
#include "sched/parameter.h"

namespace anneal::sched {

/// The lines `value` and `length` of the grammar in parse.h. They fail as the cursor does.

/// A value of the parameter's kind, in its range.
Value read_value(Cursor& at, const ParamInfo& parameter);

/// Not negative, and, in updates, 0 or at least 1: who writes 0.05 means 5%.
Length read_length(Cursor& at);

/// "true" or "false".
bool read_yes_or_no(Cursor& at);

/// Whether a text in quotes comes next.
bool at_quote(Cursor& at);

}  // namespace anneal::sched
