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
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].amount == 0.0) continue;
    if (std::string wrong = length_complaint(name, list[i]); !wrong.empty()) return wrong;
    if (i > 0 && list[i].unit == list[i - 1].unit && list[i].amount < list[i - 1].amount)
      return name + " must not fall: " + list[i].text() + " follows " + list[i - 1].text();
  }
  return {};
}

std::string numbers_complaint(const ParamInfo& p, const Numbers& list) {
  for (const double value : list)
    if (std::string wrong = range_complaint(p, value, "a list of numbers"); !wrong.empty())
      return wrong;
  return {};
}

std::string choice_complaint(const ParamInfo& p, const Choice& choice) {
  std::string known;
  for (const std::string_view word : p.choices) {
    if (word == choice.word) return {};
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return p.name + " must be one of " + known;
}

/// A text stands between quotes of either kind, so it cannot hold both; nor a line break, which
/// would spoil the caret under a mistake.
std::string text_complaint(const std::string& name, const std::string& text) {
  const auto has = [&](const char* any) { return text.find_first_of(any) != std::string::npos; };
  return has("\n\r")             ? name + " must be a text without line breaks"
         : has("'") && has("\"") ? name + " must be a text with quotes of one kind"
                                 : "";
}

}  // namespace

std::string value_text(const Value& value) {
  struct Text {
    std::string operator()(double v) const { return number_text(v); }
    std::string operator()(int v) const { return std::to_string(v); }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(const Length& v) const { return v.text(); }
    std::string operator()(const Lengths& v) const { return text(v); }
    std::string operator()(const Numbers& v) const {
      std::string text = "[";
      for (const double x : v) text += (text.size() == 1 ? "" : ",") + number_text(x);
      return text + "]";
    }
    std::string operator()(const Choice& v) const { return std::string(v.word); }
    std::string operator()(const std::string& v) const {
      const char quote = v.find('\'') == std::string::npos ? '\'' : '"';
      return quote + v + quote;
    }
  };
  return std::visit(Text{}, value);
}

std::string complaint(const ParamInfo& p, const Value& value) {
  if (value.index() != p.initial.index()) return p.name + " has a value of another kind";
  if (const auto* real = std::get_if<double>(&value)) return range_complaint(p, *real, "a number");
  if (const auto* whole = std::get_if<int>(&value)) return range_complaint(p, *whole, "an integer");
  if (const auto* length = std::get_if<Length>(&value)) return length_complaint(p.name, *length);
  if (const auto* list = std::get_if<Lengths>(&value)) return list_complaint(p.name, *list);
  if (const auto* numbers = std::get_if<Numbers>(&value)) return numbers_complaint(p, *numbers);
  if (const auto* choice = std::get_if<Choice>(&value)) return choice_complaint(p, *choice);
  if (const auto* text = std::get_if<std::string>(&value)) return text_complaint(p.name, *text);
  return {};  // a yes or no is always right
}

}  // namespace anneal::sched
