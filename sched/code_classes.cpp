#include "sched/code_classes.h"

namespace anneal::sched {

std::string list_text(const std::vector<double>& values) {
  std::string text;
  for (const double v : values) text += (text.empty() ? "" : ", ") + number_text(v);
  return "[" + text + "]";
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
