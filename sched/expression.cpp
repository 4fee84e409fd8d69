// A schedule as one expression over step.
#include <algorithm>
#include <cmath>

#include "sched/algebra.h"
#include "sched/code.h"
#include "sched/formula.h"
#include "sched/limits.h"
#include "sched/registry.h"

namespace anneal::sched {
namespace {

std::string written(const Schedule& s, const Clock& window, const std::string& step);

/// "(step - begin)", or step itself.
std::string later(const std::string& step, double begin) {
  return begin == 0.0 ? step : "(" + step + " - " + number_text(begin) + ")";
}

std::string at_most(const std::string& step, double most) {
  return "min(" + step + ", " + number_text(most) + ")";
}

std::string written_leaf(const Form& form, const Clock& window, const std::string& step) {
  const Entry* entry = find(form.name);
  if (entry == nullptr) return {};
  static constexpr std::array<std::string_view, 3> variables{"t", "step", "total"};
  Formula::Mistake unused;
  const auto formula = Formula::read(entry->expression(form.values, window), variables, unused);
  if (!formula) return {};
  const std::string total = number_text(window.total);
  return formula->text(std::array{step + " / " + total, step, total}, Formula::plain);
}

std::string written_chain(const Form& form, const Clock& window, const std::string& step) {
  const std::vector<double> ends = boundaries(form.parts, window);
  std::string text;
  double begin = 0.0;
  for (std::size_t i = 0; i < ends.size() && begin < window.total; ++i) {
    const bool last = i + 1 == ends.size() || ends[i] >= window.total;
    std::string local = later(step, begin);
    if (last && ends[i] < window.total) local = at_most(local, ends[i] - begin);
    const std::string part = written(form.parts[i].schedule, window.stage(begin, ends[i]), local);
    if (part.empty() || text.size() > limits::text) return {};
    text += "(" + part + ")";
    if (!last) text += " if " + step + " < " + number_text(ends[i]) + " else ";
    begin = ends[i];
  }
  return text;
}

std::string written_repeat(const Form& form, const Clock& window, const std::string& step) {
  const double n = std::get<int>(form.values[0]);
  const double length = window.total / n;
  if (length != std::floor(length)) return {};
  return written(form.parts[0].schedule, window.stage(0.0, length),
                 "(" + step + " % " + number_text(length) + ")");
}

std::string written_cycles(const Form& form, const Clock& window, const std::string& step) {
  const double first = std::get<Length>(form.values[0]).in(window);
  const auto growth = std::get<double>(form.values[1]);
  const auto decay = std::get<double>(form.values[2]);
  const int limit = std::get<int>(form.values[3]);
  const auto floor = std::get<double>(form.values[4]);
  const bool below_floor = std::get<bool>(form.values[5]);
  const auto height = [&](const std::string& peak, const std::string& shape) {
    return floor == 0.0 ? peak + " * (" + shape + ")"
                        : number_text(floor) + " + (" + peak + " - " + number_text(floor) +
                              ") * (" + shape + ")";
  };
  if (growth == 1.0) {
    const std::string shape = written(form.parts[0].schedule, window.stage(0.0, first),
                                      "(" + step + " % " + number_text(first) + ")");
    if (shape.empty()) return {};
    const std::string peak =
        decay == 1.0 ? "1"
                     : number_text(decay) + " ** (" + step + " // " + number_text(first) + ")";
    const std::string text =
        height(below_floor || floor == 0.0 ? peak : "max(" + peak + ", " + number_text(floor) + ")",
               shape);
    return limit == 0 ? text
                      : "(" + text + ") if " + step + " < " + number_text(limit * first) +
                            " else " + number_text(floor);
  }
  std::string text;
  double begin = 0.0;
  double length = first;
  double peak = 1.0;
  constexpr int most = 30;
  for (int i = 0; begin < window.total; ++i) {
    if (limit > 0 && i == limit) return text + number_text(floor);
    if (i == most) return {};
    const std::string shape =
        written(form.parts[0].schedule, window.stage(begin, begin + length), later(step, begin));
    if (shape.empty()) return {};
    const double end = begin + length;
    text += "(" + height(number_text(below_floor ? peak : std::max(peak, floor)), shape) + ")";
    if (end < window.total) text += " if " + step + " < " + number_text(end) + " else ";
    begin = end;
    length *= growth;
    peak *= decay;
  }
  return text;
}

std::string written_at_any_length(const Schedule& s, const Clock& window, const std::string& step) {
  const Form* form = s.form();
  // Deeper ones read() could not read again.
  if (form == nullptr || s.watches_losses() || s.extent().levels > limits::nested) return {};
  const std::string& name = form->name;
  if (name == "number") return number_text(std::get<double>(form->values[0]));
  if (name == "|") return written_chain(*form, window, step);
  if (name == "repeat") return written_repeat(*form, window, step);
  if (name == "cycles") return written_cycles(*form, window, step);
  if (form->parts.empty()) return written_leaf(*form, window, step);

  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  Clock inner = window;
  std::string time = step;
  if (name == "reverse") time = "(" + number_text(window.total) + " - " + step + ")";
  if (name == "stretch") {
    const auto times = std::get<double>(form->values[0]);
    inner.total /= times;
    time = "(" + step + " / " + number_text(times) + ")";
  }
  if (name == "offset") {
    const double missed = std::get<Length>(form->values[0]).in(window);
    inner.total += missed;
    time = "(" + step + " + " + number_text(missed) + ")";
  }
  if (name == "over") {
    inner.total = std::max(std::get<Length>(form->values[0]).steps_in(window), 1.0);
    if (inner.total < window.total) time = at_most(step, inner.total);
  }
  if (name == "per_epoch") {
    inner.total = std::max(std::ceil(window.total / window.steps_per_epoch), 1.0);
    inner.steps_per_epoch = 1.0;
    time = "(" + step + " // " + number_text(window.steps_per_epoch) + ")";
  }
  if (name == "endless") inner.total = limits::forever;
  const bool moves_time =
      is_one_of({"reverse", "stretch", "offset", "over", "endless", "per_epoch"});
  const bool stands_for = find(name) != nullptr;  // restarts for cycles, and so on
  // What is not written here has no expression: `cumulative`, or what is new.
  if (!moves_time && !stands_for && !is_one_of({"clamp", "max", "min", "+", "*"})) return {};
  std::string a = written(form->parts[0].schedule, inner, time);
  if (a.empty()) return {};
  if (name == "clamp")
    return "min(max(" + a + ", " + number_text(std::get<double>(form->values[0])) + "), " +
           number_text(std::get<double>(form->values[1])) + ")";
  if (moves_time || stands_for) return a;
  const std::string b = written(form->parts[1].schedule, inner, time);
  if (b.empty()) return {};
  if (name == "max" || name == "min") return name + "(" + a + ", " + b + ")";
  return "(" + a + ") " + name + " (" + b + ")";
}

/// Cycles within cycles grow fast: what Formula::read() would refuse is given up.
std::string written(const Schedule& s, const Clock& window, const std::string& step) {
  std::string text = written_at_any_length(s, window, step);
  return text.size() <= limits::text ? text : "";
}

}  // namespace

std::string expression_of(const Schedule& schedule, const Clock& window) {
  return written(schedule, window, "step");
}

}  // namespace anneal::sched
