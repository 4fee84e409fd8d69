#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sched/length.h"

namespace anneal::sched {

/// One of a few words, such as linear or cosine.
struct Choice {
  std::string_view word;  ///< of static storage
  bool operator==(const Choice&) const = default;
};
using Numbers = std::vector<double>;

/// What a parameter may hold. A new kind of parameter is one more alternative here, one more
/// overload of value_text() and one more of the parser's read functions.
using Value = std::variant<double, int, bool, Length, Lengths, Numbers, Choice, std::string>;
std::string value_text(const Value& value);

/// An enumeration is a parameter if a function `choices(Enumeration)` beside it returns the words
/// for its values 0, 1, ..., an array of static storage.
template <class E>
concept Enumeration = std::is_enum_v<E> && requires {
  choices(E{});
};

/// One tunable value of a schedule S, declared next to the field that it names; see param(). The
/// default is the field's own initializer, so it is written exactly once.
template <class S>
struct Param {
  std::string_view name;
  Value (*get)(const S&);
  void (*set)(S&, const Value&);
  double min;  ///< of numbers, and of each number of a list; meaningless for the other kinds
  double max;
  std::string_view unit;
  std::string_view help;
  std::span<const std::string_view> choices;  ///< of an enumeration
};

namespace detail {

template <class T>
Value to_value(const T& field) {
  if constexpr (Enumeration<T>)
    return Choice{choices(T{})[static_cast<std::size_t>(field)]};
  else
    return Value(field);
}
template <class T>
void from_value(T& field, const Value& value) {
  if constexpr (Enumeration<T>) {
    const std::span<const std::string_view> words = choices(T{});
    const auto found = std::ranges::find(words, std::get<Choice>(value).word);
    field = static_cast<T>(found - words.begin());
  } else {
    field = std::get<T>(value);
  }
}

template <class S, class T, T S::*member>
constexpr Param<S> declare(std::string_view name, double min, double max, std::string_view unit,
                           std::string_view help) {
  std::span<const std::string_view> words;
  if constexpr (Enumeration<T>) words = choices(T{});
  return {name,
          [](const S& s) { return to_value(s.*member); },
          [](S& s, const Value& value) { from_value(s.*member, value); },
          min,
          max,
          unit,
          help,
          words};
}
template <auto member>
struct Declare;
template <class S, class T, T S::*member>
struct Declare<member> {
  using Type = T;
  static constexpr auto call = declare<S, T, member>;
};
template <class T>
constexpr bool has_range =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) || std::is_same_v<T, Numbers>;

}  // namespace detail

/// Declares a number in [min, max], or a list of such numbers:
/// `param<&Cosine::floor>("floor", 0.0, 1.0, "factor", "...")`.
template <auto member>
constexpr auto param(std::string_view name, double min, double max, std::string_view unit,
                     std::string_view help) {
  static_assert(detail::has_range<typename detail::Declare<member>::Type>,
                "only a number has a range");
  return detail::Declare<member>::call(name, min, max, unit, help);
}
/// Declares a yes or no, a length, a list of lengths, an enumeration or a text.
template <auto member>
constexpr auto param(std::string_view name, std::string_view help) {
  static_assert(!detail::has_range<typename detail::Declare<member>::Type>,
                "a number needs a range");
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
  std::vector<std::string_view> choices = {};
};

/// Why a parameter cannot take a value, or nothing if it can: it is of another kind, a number out
/// of range, a length not above 0 or over 100 %, a list of lengths that is visibly falling, no
/// known word.
std::string complaint(const ParamInfo& parameter, const Value& value);

}  // namespace anneal::sched
