#pragma once
#include <string_view>

#include "sched/schedule.h"

namespace anneal::sched {

/// Reads the text form of a schedule; parse(s.text()) equals s at every step, to the last bit.
///
///   schedule := part { '|' part }                     one after another
///   part     := product [ '@' length ]                one part may have no length
///   product  := atom { '*' atom }
///   atom     := name [ ':' key '=' value { ',' key '=' value } ]
///             | number                                a constant factor, as in "2 * cosine"
///             | 'repeat' '(' count ',' schedule ')'
///             | '(' schedule ')'
///   value    := number | 'true' | 'false' | length | '[' length { ',' length } ']'
///   length   := number [ 'ep' | '%' ]                 updates, epochs, percent of the whole
///
/// For instance "warmup@5% | constant@75% | cosine:floor=0.01".
/// Throws std::invalid_argument with the text, a caret under the place and what was expected.
Schedule parse(std::string_view text);

}  // namespace anneal::sched
