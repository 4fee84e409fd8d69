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
  if (form->name == "*") {
    const auto [factor, inner] = without_factor(s);
    return factor == 1.0 ? std::nullopt : keras_class(inner, window, lr * factor);
  }
  if (form->name == "restarts") return keras_class(form->parts[0].schedule, window, lr);
  if (form->name == "endless") return keras_class(form->parts[0].schedule, without_end(window), lr);
  if (form->name == "over") {
    const auto [inner, planned] = without_over(s, window);
    const bool holds = plain_cosine_floor(inner) >= 0.0;
    return holds || planned.total >= window.total ? keras_class(inner, planned, lr) : std::nullopt;
  }
  if (form->name == "cycles") {
    const Length first = std::get<Length>(form->values[0]);
    const auto growth = std::get<double>(form->values[1]);
    const auto decay = std::get<double>(form->values[2]);
    const double floor = plain_cosine_floor(form->parts[0].schedule);
    const bool has_limit = std::get<int>(form->values[3]) != 0;
    if (floor < 0.0 || (floor > 0.0 && decay != 1.0) || has_limit ||
        std::get<double>(form->values[4]) != 0.0)
      return {};
    return "schedules.CosineDecayRestarts(" + rate +
           ", first_decay_steps=" + number_text(first.in(window)) +
           ", t_mul=" + number_text(growth) + ", m_mul=" + number_text(decay) +
           ", alpha=" + number_text(floor) + ")";
  }
  if (find(form->name) == nullptr || !form->parts.empty()) return {};
  const Leaf leaf(*form);
  if (form->name == "piecewise") {
    std::vector<double> boundaries = whole_steps(std::get<Lengths>(leaf.value("at")), window);
    for (double& b : boundaries) b -= 1.0;  // at the boundary the old value still holds
    std::vector<double> values = std::get<Numbers>(leaf.value("values"));
    for (double& v : values) v *= lr;
    return "schedules.PiecewiseConstantDecay(" + list_text(boundaries) + ", " + list_text(values) +
           ")";
  }
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
