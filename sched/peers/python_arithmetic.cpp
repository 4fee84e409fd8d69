#include "sched/peers/python_arithmetic.h"

#include <cmath>

#include "sched/length.h"

namespace anneal::sched::python {
namespace {

// How tightly operators bind.
constexpr int condition = 0;
constexpr int disjunction = 1;
constexpr int conjunction = 2;
constexpr int inversion = 3;
constexpr int comparison = 4;
constexpr int sum = 5;
constexpr int term = 6;
constexpr int sign = 7;
constexpr int power = 8;
constexpr int atom = 9;

int binding_of(std::string_view op) {
  if (op == "+" || op == "-") return sum;
  if (op == "*" || op == "/" || op == "//" || op == "%") return term;
  return op == "**" ? power : comparison;
}

std::string within(const Expression& e, int needed) {
  return e.binding < needed ? "(" + e.text + ")" : e.text;
}

std::optional<double> worked_out(std::string_view op, double a, double b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "/") return a / b;
  if (op == "//") return std::floor(a / b);
  if (op == "%") return a - b * std::floor(a / b);  // the sign of b
  if (op == "**") return std::pow(a, b);
  return {};
}

bool compared(std::string_view op, double a, double b) {
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  if (op == ">=") return a >= b;
  return (op == "==") == (a == b);
}

bool is_number(const Value& v) {
  return std::holds_alternative<double>(v.is) || std::holds_alternative<bool>(v.is);
}

}  // namespace

void Arithmetic::settle() const {
  if (noted) at_->fail_at(noted->at, noted->what);
}

void Arithmetic::spend(std::size_t values, std::size_t place) {
  spent_ += values;
  if (spent_ > max_values) at_->fail_at(place, "this is too much to work out");
}

std::size_t Arithmetic::size(const Value& v) {
  std::size_t all = 1;
  if (const auto* list = std::get_if<List>(&v.is))
    for (const Value& item : *list) all += size(item);
  return all;
}

Value Arithmetic::made(std::string text, int binding, std::size_t place) const {
  if (text.size() > max_text)
    at_->fail_at(place,
                 "as a formula this is longer than " + std::to_string(max_text) + " characters");
  return {Expression{std::move(text), binding}, place};
}

Value Arithmetic::checked(double value, std::size_t place, const char* what) {
  if (!std::isfinite(value) && !noted) noted = {place, what};
  return {value, place};
}

void Arithmetic::refuse(const Value& v) const {
  if (const auto* call = std::get_if<Call>(&v.is)) {
    if (call->is_name)
      at_->fail_at(v.at, "no value is called '" + call->path + "': write its number");
    at_->fail_at(v.at, "no function is called '" + call->path + "'");
  }
  at_->fail_at(v.at, "wanted a number here");
}

double Arithmetic::number(const Value& v) const {
  if (const auto* number = std::get_if<double>(&v.is)) return *number;
  if (const auto* yes = std::get_if<bool>(&v.is)) return *yes ? 1.0 : 0.0;
  if (is_expression(v)) at_->fail_at(v.at, "this cannot depend on the lambda's parameter");
  refuse(v);
}

bool Arithmetic::truth(const Value& v) const {
  if (std::holds_alternative<None>(v.is)) return false;
  if (const auto* list = std::get_if<List>(&v.is)) return !list->empty();
  if (const auto* text = std::get_if<std::string>(&v.is)) return !text->empty();
  return number(v) != 0.0;
}

Expression Arithmetic::expression(const Value& v) const {
  if (const auto* e = std::get_if<Expression>(&v.is)) return *e;
  const double x = number(v);
  return {number_text(x), x < 0.0 ? sign : atom};
}

const List& Arithmetic::list(const Value& v) const {
  const auto* list = std::get_if<List>(&v.is);
  if (list == nullptr) at_->fail_at(v.at, "wanted a list here");
  return *list;
}

Value Arithmetic::binary(std::string_view op, const Value& a, const Value& b) {
  if (is_expression(a) || is_expression(b)) {
    const int binding = binding_of(op);
    // A power's exponent is read first, the rest from the left; comparisons do not chain.
    const int left = op == "**" ? atom : binding == comparison ? sum : binding;
    const int right = op == "**" ? sign : binding + 1;
    return made(
        within(expression(a), left) + " " + std::string(op) + " " + within(expression(b), right),
        binding, a.at);
  }
  if (op == "==" || op == "!=") {
    const auto* left = std::get_if<std::string>(&a.is);
    const auto* right = std::get_if<std::string>(&b.is);
    if (left != nullptr && right != nullptr) return {(*left == *right) == (op == "=="), a.at};
  }
  if (const auto* left = std::get_if<List>(&a.is)) {
    List all;
    if (op == "+") {
      spend(size(a) + size(b), a.at);
      all = *left;
      all.insert(all.end(), list(b).begin(), list(b).end());
    } else if (op == "*") {
      const double times = number(b);
      if (times * static_cast<double>(left->size()) > static_cast<double>(max_items))
        at_->fail_at(b.at, "a list has at most " + std::to_string(max_items) + " entries");
      if (times > 0.0) spend(static_cast<std::size_t>(times) * size(a), a.at);
      for (double i = 0.0; i < times; ++i) all.insert(all.end(), left->begin(), left->end());
    } else {
      refuse(a);
    }
    if (all.size() > max_items)
      at_->fail_at(a.at, "a list has at most " + std::to_string(max_items) + " entries");
    return {std::move(all), a.at};
  }
  const double x = number(a);
  const double y = number(b);
  const auto value = worked_out(op, x, y);
  if (!value) return {compared(op, x, y), a.at};
  const bool divides = op == "/" || op == "//" || op == "%";
  Value result = checked(*value, divides ? b.at : a.at,
                         divides && y == 0.0 ? "division by zero" : "this is not a finite number");
  result.at = a.at;
  return result;
}

Value Arithmetic::both(const Value& a, const Value& b) {
  if (!is_expression(a)) return truth(a) ? b : a;
  return made(within(expression(a), conjunction) + " and " + within(expression(b), conjunction + 1),
              conjunction, a.at);
}

Value Arithmetic::either(const Value& a, const Value& b) {
  if (!is_expression(a)) return truth(a) ? a : b;
  return made(within(expression(a), disjunction) + " or " + within(expression(b), disjunction + 1),
              disjunction, a.at);
}

Value Arithmetic::negative(const Value& a, std::size_t place) {
  if (is_expression(a)) return made("-" + within(expression(a), sign), sign, place);
  return {-number(a), place};
}

Value Arithmetic::inverse(const Value& a, std::size_t place) {
  if (is_expression(a)) return made("not " + within(expression(a), inversion), inversion, place);
  return {!truth(a), place};
}

Value Arithmetic::choice(const Value& value, const Value& test, const Value& otherwise) {
  if (!is_expression(test)) return truth(test) ? value : otherwise;
  if (!is_number(value) && !is_expression(value)) refuse(value);
  return made(within(expression(value), disjunction) + " if " +
                  within(expression(test), disjunction) + " else " + expression(otherwise).text,
              condition, value.at);
}

}  // namespace anneal::sched::python
