#include "sched/code_classes.h"

#include "sched/limits.h"

namespace anneal::sched {

std::string list_text(const std::vector<double>& values) {
  std::string text;
  for (const double v : values) text += (text.empty() ? "" : ", ") + number_text(v);
  return "[" + text + "]";
}

Scaled without_factor(const Schedule& s) {
  const Form* form = s.form();
  if (form == nullptr || form->name != "*") return {1.0, s};
  for (const std::size_t i : {0U, 1U}) {
    const Form* factor = form->parts[i].schedule.form();
    if (factor == nullptr || factor->name != "number") continue;
    Scaled inner = without_factor(form->parts[1 - i].schedule);
    inner.factor *= std::get<double>(factor->values[0]);
    return inner;
  }
  return {1.0, s};
}

Planned without_over(const Schedule& s, const Clock& window) {
  const Form* form = s.form();
  if (form == nullptr || form->name != "over") return {s, window};
  Clock planned = window;
  planned.total = std::get<Length>(form->values[0]).steps_in(window);
  return {form->parts[0].schedule, planned};
}

Clock without_end(Clock window) {
  window.total = limits::forever;
  return window;
}

std::vector<double> whole_steps(const Lengths& places, const Clock& window) {
  std::vector<double> steps;
  for (const Length& at : places) steps.push_back(std::ceil(at.in(window)-1e-9));
  return steps;
}

double plain_cosine_floor(const Schedule& s) {
  const Form* form = s.form();
  if (form == nullptr || form->name != "cosine") return -1.0;
  const Leaf leaf(*form);
  return leaf.number("exponent") == 1.0 && leaf.number("half_cycles") == 1.0 &&
                 leaf.number("k") == 1.0
             ? leaf.number("floor")
             : -1.0;
}

}  // namespace anneal::sched
