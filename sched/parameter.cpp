#include "sched/parameter.h"

#include <cmath>

namespace anneal::sched {
namespace {

std::string length_complaint(const std::string& name, const Length& length) {
  if (!(length.amount > 0.0) || !std::isfinite(length.amount))
    return name + " must be a length above 0, such as 500, 5ep or 10%";
  if (length.unit == Length::Unit::percent && length.amount > 100.0)
    return name + " must be at most 100%";
  return {};
}

std::string range_complaint(const ParamInfo& p, double value, const char* kind) {
  if (value >= p.min && value <= p.max) return {};
  return p.name + " must be " + kind + " in [" + number_text(p.min) + ", " + number_text(p.max) +
         "]";
}

std::string list_complaint(const std::string& name, const Lengths& list) {
  if (list.empty()) return name + " must have at least one length";
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (std::string wrong = length_complaint(name, list[i]); !wrong.empty()) return wrong;
    if (i > 0 && list[i].unit == list[i - 1].unit && list[i].amount < list[i - 1].amount)
      return name + " must not fall: " + list[i].text() + " follows " + list[i - 1].text();
  }
  return {};
}

}  // namespace

std::string value_text(const Value& value) {
  struct Text {
    std::string operator()(double v) const { return number_text(v); }
    std::string operator()(int v) const { return std::to_string(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(const Length& v) const { return v.text(); }
    std::string operator()(const Lengths& v) const { return text(v); }
  };
  return std::visit(Text{}, value);
}

std::string complaint(const ParamInfo& p, const Value& value) {
  if (value.index() != p.initial.index()) return p.name + " has a value of another kind";
  if (const auto* real = std::get_if<double>(&value)) return range_complaint(p, *real, "a number");
  if (const auto* whole = std::get_if<int>(&value)) return range_complaint(p, *whole, "an integer");
  if (const auto* length = std::get_if<Length>(&value)) return length_complaint(p.name, *length);
  if (const auto* list = std::get_if<Lengths>(&value)) return list_complaint(p.name, *list);
  return {};  // a yes or no is always right
}

}  // namespace anneal::sched
