// The combinators that look at one moment at a time.
#include <cmath>

#include "sched/algebra.h"
#include "sched/combine.h"
#include "sched/fail.h"
#include "sched/limits.h"

namespace anneal::sched {
namespace {

using Binding = Schedule::Binding;
using Name = std::string (*)(const std::string&, const std::string&);

/// Splits the window wherever either schedule begins a stage, and names both.
void resolve_pair(const Schedule& a, const Schedule& b, Name name, const Clock& window,
                  std::vector<Stage>& out) {
  const std::vector<Stage> left = inner_stages(a, window);
  const std::vector<Stage> right = inner_stages(b, window);
  const std::size_t first = out.size();
  std::size_t size = 0;
  Step begin = std::llround(window.origin);
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    const Step end = std::min(left[i].end, right[j].end);
    out.push_back(
        {name(left[i].text, right[j].text), begin, end, std::min(left[i].used, right[j].used)});
    if ((size += size_of(out.back())) > limits::stage_text) {
      out.resize(first);
      out.push_back(one_stage(name(a.text(), b.text()), window));
      return;
    }
    begin = end;
    if (left[i].end == end) ++i;
    if (right[j].end == end) ++j;
  }
}

template <class Operation>
Schedule pair(const char* head, std::string text, Binding binding, Name name, const Schedule& a,
              const Schedule& b, Operation operation) {
  return {
      std::move(text),
      binding,
      [=](const Clock& now) { return operation(a(now), b(now)); },
      [=](const Clock& window, std::vector<Stage>& out) { resolve_pair(a, b, name, window, out); },
      std::make_shared<const Form>(Form{head, {}, {{a}, {b}}}),
      a.watches_losses() || b.watches_losses()};
}

}  // namespace

Schedule number(double factor) {
  if (!(factor >= 0.0) || !std::isfinite(factor))
    fail("a factor is finite and >= 0, got " + number_text(factor));
  return {number_text(factor),
          Binding::atom,
          [factor](const Clock&) { return factor; },
          nullptr,
          std::make_shared<const Form>(Form{"number", {factor}}),
          false};
}

Schedule operator*(const Schedule& a, const Schedule& b) {
  // a * (b * c) keeps its parentheses: in floating point it is not (a * b) * c.
  return pair(
      "*", a.text_in(Binding::product) + " * " + b.text_in(Binding::atom), Binding::product,
      [](const std::string& x, const std::string& y) { return x + " * " + y; }, a, b,
      [](double x, double y) { return x * y; });
}

Schedule operator*(double scale, const Schedule& s) {
  return number(scale) * s;
}

Schedule operator+(const Schedule& a, const Schedule& b) {
  return pair(
      "+", a.text_in(Binding::sum) + " + " + b.text_in(Binding::product), Binding::sum,
      [](const std::string& x, const std::string& y) { return x + " + " + y; }, a, b,
      [](double x, double y) { return x + y; });
}

Schedule max(const Schedule& a, const Schedule& b) {
  return pair(
      "max", "max(" + a.text() + ", " + b.text() + ")", Binding::atom,
      [](const std::string& x, const std::string& y) { return "max(" + x + ", " + y + ")"; }, a, b,
      [](double x, double y) { return std::max(x, y); });
}

Schedule min(const Schedule& a, const Schedule& b) {
  return pair(
      "min", "min(" + a.text() + ", " + b.text() + ")", Binding::atom,
      [](const std::string& x, const std::string& y) { return "min(" + x + ", " + y + ")"; }, a, b,
      [](double x, double y) { return std::min(x, y); });
}

Schedule clamp(double floor, double ceiling, const Schedule& s) {
  if (!(floor >= 0.0) || !(ceiling >= floor) || !std::isfinite(ceiling))
    fail("clamp: wanted 0 <= floor <= ceiling, got " + number_text(floor) + " and " +
         number_text(ceiling));
  const std::string head = "clamp(" + number_text(floor) + ", " + number_text(ceiling) + ", ";
  return {head + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) { return std::clamp(s(now), floor, ceiling); },
          [=](const Clock& window, std::vector<Stage>& out) {
            const std::size_t first = out.size();
            s.append_stages(window, out);
            for (std::size_t i = first; i < out.size(); ++i) out[i].text = head + out[i].text + ")";
          },
          std::make_shared<const Form>(Form{"clamp", {floor, ceiling}, {{s}}}),
          s.watches_losses()};
}

}  // namespace anneal::sched
