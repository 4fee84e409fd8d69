#pragma once
#include <optional>

#include "sched/peers/python.h"

namespace anneal::sched::python {

/// Arithmetic on values as Python has it. Numbers (True and False among them) are worked out; what
/// depends on a lambda's parameter becomes an expression. Values of another kind fail with a caret.
class Arithmetic {
 public:
  explicit Arithmetic(Cursor& at) : at_(&at) {}

  /// + - * / // % ** < <= > >= == !=
  Value binary(std::string_view op, const Value& a, const Value& b);
  Value both(const Value& a, const Value& b);
  Value either(const Value& a, const Value& b);
  Value negative(const Value& a, std::size_t place);
  Value inverse(const Value& a, std::size_t place);
  Value choice(const Value& value, const Value& test, const Value& otherwise);

  /// One of the functions below. The name comes without a module.
  Value call(std::string_view name, const List& arguments, std::size_t place);
  static bool is_function(std::string_view name);

  double number(const Value& v) const;
  bool truth(const Value& v) const;
  /// As it stands in a formula.
  Expression expression(const Value& v) const;
  static bool is_expression(const Value& v) { return std::holds_alternative<Expression>(v.is); }

  /// What has no value, such as a division by zero, is a mistake only if it is not in the branch of
  /// a condition that is not taken: it is noted, and fails in settle().
  struct Mistake {
    std::size_t at;
    std::string what;
  };
  std::optional<Mistake> noted;
  void settle() const;

  /// Counts what has been worked out; fails above max_values.
  void spend(std::size_t values, std::size_t place);
  /// How many values a value holds, itself included.
  static std::size_t size(const Value& v);

 private:
  Value checked(double value, std::size_t place, const char* what);
  Value made(std::string text, int binding, std::size_t place) const;
  const List& list(const Value& v) const;
  Value applied(std::string_view name, const List& arguments, std::size_t place);
  Value rounded(const List& arguments, std::size_t place);
  Value range(const List& arguments, std::size_t place);
  [[noreturn]] void refuse(const Value& v) const;

  Cursor* at_;
  std::size_t spent_ = 0;
};

}  // namespace anneal::sched::python
