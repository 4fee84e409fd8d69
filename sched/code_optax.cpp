#include "sched/algebra.h"
#include "sched/code_classes.h"

namespace anneal::sched {
namespace {

/// "init_value=0.1, boundaries_and_scales={30: 0.5}"; nothing where a value is reached from 0.
std::optional<std::string> scales_text(const Leaf& leaf, const Clock& window, double lr) {
  const std::vector<double> at = whole_steps(std::get<Lengths>(leaf.value("at")), window);
  const auto& values = std::get<Numbers>(leaf.value("values"));
  std::string scales;
  for (std::size_t i = 0; i < at.size(); ++i) {
    if (values[i] == 0.0) return {};
    scales +=
        (i == 0 ? "" : ", ") + number_text(at[i]) + ": " + number_text(values[i + 1] / values[i]);
  }
  return "init_value=" + number_text(lr * values[0]) + ", boundaries_and_scales={" + scales + "}";
}

}  // namespace

std::optional<std::string> optax_function(const Schedule& s, const Clock& window, double lr) {
  const Form* form = s.form();
  if (form == nullptr) return {};
  const std::string rate = number_text(lr);
  const std::string total = number_text(window.total);
  if (form->name == "|") {
    const std::vector<double> ends = boundaries(form->parts, window);
    std::string children;
    std::vector<double> joints;
    double begin = 0.0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto child = optax_function(form->parts[i].schedule, window.stage(begin, ends[i]), lr);
      if (!child) return {};
      children += "\n    " + *child + ",";
      if (i + 1 < ends.size()) joints.push_back(ends[i]);
      begin = ends[i];
    }
    return "optax.join_schedules([" + children + "\n], boundaries=" + list_text(joints) + ")";
  }
  if (form->name == "*") {
    const auto [factor, inner] = without_factor(s);
    return factor == 1.0 ? std::nullopt : optax_function(inner, window, lr * factor);
  }
  if (form->name == "endless")
    return optax_function(form->parts[0].schedule, without_end(window), lr);
  if (form->name == "over") {
    const auto [inner, planned] = without_over(s, window);
    const std::string of = inner.form() == nullptr ? "" : inner.form()->name;
    const bool holds = of == "linear" || of == "cosine";
    return holds || planned.total >= window.total ? optax_function(inner, planned, lr)
                                                  : std::nullopt;
  }
  if (form->name == "number")
    return "optax.constant_schedule(" + number_text(lr * std::get<double>(form->values[0])) + ")";
  if (find(form->name) == nullptr || !form->parts.empty()) return {};
  const Leaf leaf(*form);
  if (form->name == "constant")
    return "optax.constant_schedule(" + number_text(lr * leaf.number("value")) + ")";
  if (form->name == "linear")
    return "optax.linear_schedule(" + number_text(lr * leaf.number("from")) + ", " +
           number_text(lr * leaf.number("to")) + ", transition_steps=" + total + ")";
  if (form->name == "cosine" && leaf.number("half_cycles") == 1.0 && leaf.number("k") == 1.0)
    return "optax.cosine_decay_schedule(" + rate + ", decay_steps=" + total +
           ", alpha=" + number_text(leaf.number("floor")) +
           ", exponent=" + number_text(leaf.number("exponent")) + ")";
  if (form->name == "exponential")
    return "optax.exponential_decay(" + rate +
           ", transition_steps=" + number_text(leaf.length("every", window)) +
           ", decay_rate=" + number_text(leaf.number("gamma")) +
           (leaf.yes("staircase") ? ", staircase=True)" : ")");
  if (form->name == "polynomial" && leaf.number("k") == 1.0 && !leaf.yes("cycle"))
    return "optax.polynomial_schedule(" + rate + ", " + number_text(lr * leaf.number("floor")) +
           ", power=" + number_text(leaf.number("power")) +
           ", transition_steps=" + number_text(leaf.length("every", window)) + ")";
  if (form->name == "piecewise" || form->name == "interpolated") {
    const auto scales = scales_text(leaf, window, lr);
    if (!scales) return {};
    if (form->name == "piecewise") return "optax.piecewise_constant_schedule(" + *scales + ")";
    return "optax.piecewise_interpolate_schedule('" + std::string(leaf.word("curve")) + "', " +
           *scales + ")";
  }
  return {};
}

}  // namespace anneal::sched
