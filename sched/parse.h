#pragma once
#include <string_view>

#include "sched/schedule.h"

namespace anneal::sched {

/// Reads the text form of a schedule; parse(s.text()) equals s at every step, to the last bit.
///
///   schedule := part { '|' part }                     one after another
///   part     := sum [ '@' length ]                    one part may have no length
///   sum      := product { '+' product }
///   product  := atom { '*' atom }
///   atom     := name [ ':' key '=' value { ',' key '=' value } ]
///             | number                                a constant factor, as in "2 * cosine"
///             | combinator '(' ... ')'                see combinators()
///             | peer '.' name '(' ... ')'             see peers/peers.h
///             | '(' schedule ')'
///   value    := number | 'true' | 'false' | word | length | text in single quotes
///             | '[' number or length { ',' number or length } ']'
///   length   := number [ 'ep' | '%' ]                 updates, epochs, percent of the whole
///
/// A stage of length 0 is left out. limits.h says how long and how deep a text may be.
/// For instance "warmup@5% | constant@75% | cosine:floor=0.01".
/// Throws std::invalid_argument with the text, a caret under the place and what was expected.
///
/// `base_lr` is the rate at factor 1. It matters to peers' schedules alone, in which some rates are
/// absolute: they become factors of it.
Schedule parse(std::string_view text, double base_lr = 1.0);

}  // namespace anneal::sched
