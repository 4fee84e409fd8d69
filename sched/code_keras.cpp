#include "sched/algebra.h"
#include "sched/code_classes.h"

namespace anneal::sched {

std::optional<std::string> keras_class(const Schedule& s, const Clock& window, double lr) {
  const Form* form = s.form();
  if (form == nullptr) return {};
  const std::string rate = number_text(lr);
  const std::string total = number_text(window.total);
  if (const double floor = plain_cosine_floor(s); floor >= 0.0)
    return "schedules.CosineDecay(" + rate + ", decay_steps=" + total +
           ", alpha=" + number_text(floor) + ")";
  if (form->name == "|" && form->parts.size() == 2 && form->parts[0].schedule.form() != nullptr &&
      form->parts[0].schedule.form()->name == "linear") {
    const Leaf warmup(*form->parts[0].schedule.form());
    const double end = boundaries(form->parts, window)[0];
    const double floor = plain_cosine_floor(form->parts[1].schedule);
    if (warmup.number("to") == 1.0 && floor >= 0.0)
      return "schedules.CosineDecay(" + number_text(lr * warmup.number("from")) +
             ", decay_steps=" + number_text(window.total - end) + ", alpha=" + number_text(floor) +
             ", warmup_target=" + rate + ", warmup_steps=" + number_text(end) + ")";
  }
  if (find(form->name) == nullptr || !form->parts.empty()) return {};
  const Leaf leaf(*form);
  const auto steps = [&] { return ", decay_steps=" + number_text(leaf.length("every", window)); };
  const auto stairs = [&] { return leaf.yes("staircase") ? ", staircase=True)" : ")"; };
  if (form->name == "exponential")
    return "schedules.ExponentialDecay(" + rate + steps() +
           ", decay_rate=" + number_text(leaf.number("gamma")) + stairs();
  if (form->name == "inverse_time")
    return "schedules.InverseTimeDecay(" + rate + steps() +
           ", decay_rate=" + number_text(leaf.number("rate")) + stairs();
  if (form->name == "polynomial" && leaf.number("k") == 1.0)
    return "schedules.PolynomialDecay(" + rate + steps() +
           ", end_learning_rate=" + number_text(lr * leaf.number("floor")) +
           ", power=" + number_text(leaf.number("power")) +
           (leaf.yes("cycle") ? ", cycle=True)" : ")");
  return {};
}

}  // namespace anneal::sched
