#pragma once
#include "sched/algebra.h"
#include "sched/curve.h"
#include "sched/registry.h"
#include "sched/replace_word.h"
#include "sched/schedules/cosine.h"
#include "sched/schedules/expr.h"
#include "sched/schedules/linear.h"

/// What the translations of the peers have in common.
namespace anneal::sched::peers {

inline Schedule line(double from, double to) {
  return make(Linear{.from = from, .to = to});
}
inline Schedule cosine_to(double floor) {
  return make(Cosine{.floor = floor});
}

/// A stage of `length` updates, if it has any, and what comes after, for ever.
inline Schedule then(double length, const Schedule& stage, const Schedule& rest) {
  return length > 0.0 ? endless(first(updates(length), stage) | rest) : rest;
}

/// Stage i begins at boundary i - 1 and sees its own time; a stage without an update is left out.
Schedule joined(const std::vector<Schedule>& stages, const std::vector<double>& boundaries);

/// An expression over t and step (schedules/expr.h).
inline Schedule formula(std::string text) {
  return make(Expr{std::move(text)});
}

/// from + (to - from) done^power, which our curves, being factors of 1, cannot all write.
inline Schedule rising_power(double from, double to, double power) {
  return formula(number_text(from) + " + (" + number_text(to) + " - " + number_text(from) +
                 ") * t ** " + number_text(power));
}

/// Up and down between two factors for ever; `scale`, a formula over step, shrinks the height.
Schedule triangles(double low, double high, double up, double down, const std::string& scale);

}  // namespace anneal::sched::peers
