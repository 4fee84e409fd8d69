// The functions that arguments are worked out with.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "sched/length.h"
#include "sched/peers/python_arithmetic.h"

namespace anneal::sched::python {
namespace {

/// A function of numbers, by Python's name; formulas know it by the same name.
struct Function {
  std::string_view name;
  double (*of)(double);
};
constexpr std::array functions{
    Function{"abs", [](double x) { return std::abs(x); }},
    Function{"sqrt", [](double x) { return std::sqrt(x); }},
    Function{"exp", [](double x) { return std::exp(x); }},
    Function{"log10", [](double x) { return std::log10(x); }},
    Function{"sin", [](double x) { return std::sin(x); }},
    Function{"cos", [](double x) { return std::cos(x); }},
    Function{"tan", [](double x) { return std::tan(x); }},
    Function{"tanh", [](double x) { return std::tanh(x); }},
    Function{"floor", [](double x) { return std::floor(x); }},
    Function{"ceil", [](double x) { return std::ceil(x); }},
    Function{"int", [](double x) { return std::trunc(x); }},
};

constexpr std::array other_functions{
    "float",        "round",  "range",       "len",   "sum",     "min",    "max",  "pow",
    "log",          "log2",   "fabs",        "list",  "tuple",   "sorted", "bool", "reversed",
    "bisect_right", "bisect", "bisect_left", "trunc", "minimum", "maximum"};

std::string call_text(std::string_view name, const std::string& arguments) {
  return std::string(name) + "(" + arguments + ")";
}

}  // namespace

bool Arithmetic::is_function(std::string_view name) {
  return std::ranges::find(functions, name, &Function::name) != functions.end() ||
         std::ranges::find(other_functions, name) != other_functions.end();
}

Value Arithmetic::rounded(const List& arguments, std::size_t place) {
  const Value& x = arguments[0];
  const bool to_whole = arguments.size() == 1 || std::holds_alternative<None>(arguments[1].is);
  const double n = to_whole ? 0.0 : number(arguments[1]);
  if (n != std::floor(n) || std::abs(n) >= 300.0)
    at_->fail_at(arguments[1].at, "round takes a whole number of places, below 300");
  if (!is_expression(x)) return {round_to_places(number(x), n), place};
  const Expression e = expression(x);
  return made(call_text("round", n == 0.0 ? e.text : e.text + ", " + number_text(n)), 9, place);
}

Value Arithmetic::range(const List& arguments, std::size_t place) {
  const double begin = arguments.size() == 1 ? 0.0 : number(arguments[0]);
  const double end = number(arguments.size() == 1 ? arguments[0] : arguments[1]);
  const double step = arguments.size() == 3 ? number(arguments[2]) : 1.0;
  for (const Value& v : arguments)
    if (number(v) != std::floor(number(v))) at_->fail_at(v.at, "range takes whole numbers");
  if (step == 0.0) at_->fail_at(arguments[2].at, "range needs a step that is not 0");
  const double count = std::max(std::ceil((end - begin) / step), 0.0);
  if (count > static_cast<double>(max_items))
    at_->fail_at(place, "a list has at most " + std::to_string(max_items) + " entries");
  spend(static_cast<std::size_t>(count), place);
  List all;
  for (double i = 0.0; i < count; ++i) all.push_back({begin + i * step, place});
  return {std::move(all), place};
}

Value Arithmetic::applied(std::string_view name, const List& arguments, std::size_t place) {
  const Value& x = arguments[0];
  if (const auto* const f = std::ranges::find(functions, name, &Function::name);
      f != functions.end()) {
    if (is_expression(x)) return made(call_text(name, expression(x).text), 9, place);
    return checked(f->of(number(x)), place, "this is not a finite number");
  }
  // What is made of these.
  if (name == "fabs") return applied("abs", arguments, place);
  if (name == "trunc") return applied("int", arguments, place);
  if (name == "log2") return binary("/", applied("log", {x}, place), {std::log(2.0), place});
  if (name == "log" && arguments.size() == 2)
    return binary("/", applied("log", {x}, place), applied("log", {arguments[1]}, place));
  if (name == "log") {
    if (is_expression(x)) return made(call_text(name, expression(x).text), 9, place);
    return checked(std::log(number(x)), place, "this is not a finite number");
  }
  if (name == "float" || name == "bool") {
    if (const auto* text = std::get_if<std::string>(&x.is)) {
      double value = 0.0;
      const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
      if (error != std::errc{} || end != text->data() + text->size())
        at_->fail_at(x.at, "wanted a number here");
      return checked(value, x.at, "wanted a finite number");
    }
    if (is_expression(x)) return name == "float" ? x : inverse(inverse(x, place), place);
    if (name == "bool") return {truth(x), place};
    return {number(x), place};
  }
  if (name == "pow") return binary("**", x, arguments[1]);
  if (name == "round") return rounded(arguments, place);
  if (name == "range") return range(arguments, place);
  if (name == "len") return {static_cast<double>(list(x).size()), place};
  if (name == "list" || name == "tuple") return {list(x), place};
  if (name == "sum") {
    Value all = arguments.size() == 2 ? arguments[1] : Value{0.0, place};
    bool first = arguments.size() == 1;
    for (const Value& item : list(x)) {
      // A comparison counts as 1 or 0.
      all = first ? (is_expression(item) ? item : Value{number(item), place})
                  : binary("+", all, item);
      first = false;
    }
    return all;
  }
  if (name == "sorted" || name == "reversed") {
    List all = list(x);
    if (name == "reversed")
      std::ranges::reverse(all);
    else
      std::ranges::stable_sort(
          all, [&](const Value& a, const Value& b) { return number(a) < number(b); });
    return {std::move(all), place};
  }
  if (name.starts_with("bisect")) {  // how many are not above x
    Value all{0.0, place};
    for (const Value& item : list(x))
      all = binary("+", all, binary(name == "bisect_left" ? "<" : "<=", item, arguments[1]));
    return all;
  }
  // min or max, of a list or of the arguments
  const std::string_view order = name.starts_with("min") ? "min" : "max";
  const List& all = arguments.size() == 1 ? list(x) : arguments;
  if (all.empty()) at_->fail_at(place, call_text(name, "") + " of nothing");
  if (std::ranges::any_of(all, is_expression)) {
    std::string text;
    for (const Value& v : all) text += (text.empty() ? "" : ", ") + expression(v).text;
    return made(call_text(order, text), 9, place);
  }
  double value = number(all[0]);
  for (const Value& v : all)
    value = order == "min" ? std::min(value, number(v)) : std::max(value, number(v));
  return {value, place};
}

Value Arithmetic::call(std::string_view name, const List& arguments, std::size_t place) {
  const bool any = name == "min" || name == "max";
  const bool one_or_two = name == "round" || name == "log" || name == "sum";
  const bool two =
      name == "pow" || name == "minimum" || name == "maximum" || name.starts_with("bisect");
  const std::size_t least = two ? 2 : 1;
  const std::size_t most = any ? max_items : name == "range" ? 3 : two || one_or_two ? 2 : 1;
  if (arguments.size() < least || arguments.size() > most)
    at_->fail_at(place, "'" + std::string(name) + "' takes " +
                            (most == 1   ? "one value"
                             : any       ? "one value or more"
                             : most == 3 ? "one to three values"
                             : two       ? "two values"
                                         : "one or two values") +
                            ", got " + std::to_string(arguments.size()));
  for (const Value& v : arguments) spend(size(v), place);
  return applied(name, arguments, place);
}

}  // namespace anneal::sched::python
