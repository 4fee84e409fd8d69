#pragma once
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "sched/length.h"

namespace anneal::sched {

/// What a parameter may hold. A new kind of parameter is one more alternative here, one more
/// overload of value_text() and one more of the parser's read functions.
using Value = std::variant<double, int, bool, Length, Lengths>;
std::string value_text(const Value& value);

/// One tunable value of a schedule S, declared next to the field that it names; see param(). The
/// default is the field's own initializer, so it is written exactly once.
template <class S>
struct Param {
  std::string_view name;
  Value (*get)(const S&);
  void (*set)(S&, const Value&);
  double min;  ///< of numbers; meaningless for the other kinds
  double max;
  std::string_view unit;
  std::string_view help;
};

namespace detail {
template <class S, class T, T S::*member>
constexpr Param<S> declare(std::string_view name, double min, double max, std::string_view unit,
                           std::string_view help) {
  return {name,
          [](const S& s) { return Value(s.*member); },
          [](S& s, const Value& value) { s.*member = std::get<T>(value); },
          min,
          max,
          unit,
          help};
}
template <auto member>
struct Declare;
template <class S, class T, T S::*member>
struct Declare<member> {
  using Type = T;
  static constexpr auto call = declare<S, T, member>;
};
}  // namespace detail

/// Declares a number in [min, max]: `param<&Cosine::floor>("floor", 0.0, 1.0, "factor", "...")`.
template <auto member>
constexpr auto param(std::string_view name, double min, double max, std::string_view unit,
                     std::string_view help) {
  static_assert(std::is_arithmetic_v<typename detail::Declare<member>::Type>,
                "only a number has a range");
  return detail::Declare<member>::call(name, min, max, unit, help);
}
/// Declares a yes or no, a length, or a list of lengths.
template <auto member>
constexpr auto param(std::string_view name, std::string_view help) {
  using T = typename detail::Declare<member>::Type;
  static_assert(!std::is_arithmetic_v<T> || std::is_same_v<T, bool>, "a number needs a range");
  return detail::Declare<member>::call(name, 0.0, 0.0, "", help);
}

/// The same for readers that do not know the schedule's type: command line, documents, sliders,
/// tests.
struct ParamInfo {
  std::string name;
  Value initial;
  double min;
  double max;
  std::string unit;
  std::string help;
};

/// Why a parameter cannot take a value, or nothing if it can: it is of another kind, a number out
/// of range, a length not above 0 or over 100 %, a list that is empty or visibly falls.
std::string complaint(const ParamInfo& parameter, const Value& value);

}  // namespace anneal::sched
