#pragma once
#include <array>
#include <concepts>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sched/algebra.h"
#include "sched/fail.h"
#include "sched/limits.h"
#include "sched/memory.h"
#include "sched/parameter.h"

namespace anneal::sched {

/// What the rest of the program knows of a kind of schedule.
struct Entry {
  std::string name;
  std::string help;                ///< one sentence: what the curve does
  std::string when;                ///< when to use it; may be empty
  std::vector<std::string> shown;  ///< settings worth looking at
  /// Of the factor. Either prose, or an expression as in formula.h over t (the fraction of the
  /// stage that is done), step and total (in updates) and the parameters (a length in updates).
  std::string formula;
  std::string source;  ///< the paper, section and equation
  std::vector<ParamInfo> params;
  std::function<Schedule(std::span<const Value>)> make;  ///< values in the order of params
  /// Why values that are right one by one do not go together, or nothing if they do.
  std::function<std::string(std::span<const Value>)> complaint;
  /// The factor in a stage of so many updates as an expression (formula.h) over t, step and total;
  /// empty where there is none, as for what follows the losses.
  std::function<std::string(std::span<const Value>, const Clock& window)> expression;

  std::vector<Value> defaults() const {
    std::vector<Value> values;
    for (const ParamInfo& p : params) values.push_back(p.initial);
    return values;
  }
};

/// Every schedule there is, by name. User programs' schedules are among them; see add().
const std::vector<Entry>& registry();
/// Null when there is no such schedule.
const Entry* find(std::string_view name);

namespace detail {

bool add(Entry entry);
/// The entry's formula with the values in the place of the parameters; empty if it is prose.
std::string filled_in(const Entry& entry, std::span<const Value> values, const Clock& window);

struct Anything {
  template <class T>
  constexpr operator T() const;  // NOLINT(google-explicit-constructor): that is its purpose
};
template <class S, class... Args>
constexpr std::size_t count_fields() {
  if constexpr (requires { S{Args{}..., Anything{}}; })
    return count_fields<S, Args..., Anything>();
  else
    return sizeof...(Args);
}

constexpr bool is_identifier(std::string_view s) {
  if (s.empty() || s[0] < 'a' || s[0] > 'z') return false;
  for (const char c : s)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  return true;
}

template <class S>
constexpr bool params_documented() {
  for (const auto& p : S::params())
    if (!is_identifier(p.name) || p.help.empty() || p.min > p.max) return false;
  return true;
}

template <class S>
ParamInfo info(const Param<S>& p, const S& defaults) {
  return {std::string(p.name),
          p.get(defaults),
          p.min,
          p.max,
          std::string(p.unit),
          std::string(p.help),
          {p.choices.begin(), p.choices.end()}};
}

template <class S>
S with_values(std::span<const Value> values) {
  S shape;
  const auto params = S::params();
  if (values.size() != params.size())
    fail(std::string(S::name) + " has " + std::to_string(params.size()) + " parameters, got " +
         std::to_string(values.size()));
  for (std::size_t i = 0; i < params.size(); ++i) params[i].set(shape, values[i]);
  return shape;
}

}  // namespace detail

/// A schedule that must be made ready before it can be evaluated, such as an expression that has to
/// be read, has a const function prepared() that returns the function of the Clock.
template <class S>
concept Prepared = requires(const S& s) {
  { s.prepared() } -> Shape;
};

/// A schedule that a file may hold has a const function written_out() that reads the file: the
/// same without it, or none where there is no file to read. What was read decides from then on,
/// whatever becomes of the file, and stands in the text.
template <class S>
concept Filed = requires(const S& s) {
  { s.written_out() } -> std::same_as<std::optional<S>>;
};

namespace detail {
template <class S>
Schedule make(const S& shape, bool from_file);
}  // namespace detail

/// The schedule that `shape` describes, with text such as "cosine:floor=0.01".
/// Throws std::invalid_argument for a parameter out of its range, or what the schedule's own
/// `std::string complaint() const` says, if it has one.
template <class S>
Schedule make(const S& shape) {
  if constexpr (Filed<S>)
    if (const std::optional<S> whole = shape.written_out()) return detail::make(*whole, true);
  return detail::make(shape, false);
}

template <class S>
Schedule detail::make(const S& shape, bool from_file) {
  const S defaults;
  std::string text(S::name);
  Form form{.name = text, .from_file = from_file};
  char separator = ':';
  for (const auto& p : S::params()) {
    form.values.push_back(p.get(shape));
    const Value& value = form.values.back();
    const std::string wrong = complaint(detail::info(p, defaults), value);
    if (!wrong.empty()) fail(std::string(S::name) + ": " + wrong);
    if (value == p.get(defaults)) continue;
    const bool bare = std::holds_alternative<std::string>(value);  // expr:'...'
    text += separator + (bare ? "" : std::string(p.name) + '=') + value_text(value);
    separator = ',';
  }
  if constexpr (requires { shape.complaint(); })
    if (const std::string wrong = shape.complaint(); !wrong.empty())
      fail(std::string(S::name) + ": " + wrong);
  if (from_file && text.size() > limits::text)
    fail(std::string(S::name) + ": what the file holds takes " + std::to_string(text.size()) +
         " bytes as text; at most " + std::to_string(limits::text));
  std::function<double(const Clock&)> function;
  if constexpr (Watcher<S>)
    function = Fold<S>{shape};
  else if constexpr (Prepared<S>) {
    auto ready = shape.prepared();
    if constexpr (std::is_same_v<decltype(ready), Schedule>) form.parts.push_back({ready});
    function = std::move(ready);
  } else
    function = shape;
  return {std::move(text),
          Schedule::Binding::atom,
          std::move(function),
          nullptr,
          std::make_shared<const Form>(std::move(form)),
          Watcher<S>};
}

/// Puts a schedule into the registry: `inline const bool NAME_registered = add<NAME>();` at the
/// foot of its file. A mistake in the declaration does not compile, or stops the program when it
/// starts.
template <class S>
bool add() {
  static_assert(Shape<S> || Watcher<S> || Prepared<S>,
                "a schedule needs: double operator()(const Clock& now) const");
  static_assert(std::is_aggregate_v<S>, "a schedule is a plain aggregate of its parameters");
  static_assert(detail::is_identifier(S::name), "name: lower_case letters, digits, underscores");
  static_assert(!S::help.empty(), "help: one sentence saying what the curve does");
  static_assert(!S::formula.empty(), "formula: the factor in terms of t and the parameters");
  static_assert(detail::count_fields<S>() == S::params().size(),
                "every field must appear in params(), once");
  static_assert(detail::params_documented<S>(),
                "every parameter needs a lower_case name, a help text and min <= max");

  Entry entry;
  entry.name = S::name;
  entry.help = S::help;
  entry.formula = S::formula;
  entry.source = S::source;
  if constexpr (requires { S::when; }) entry.when = S::when;
  entry.shown = {entry.name};
  if constexpr (requires { S::shown; }) entry.shown = {S::shown.begin(), S::shown.end()};
  for (const auto& p : S::params()) {
    entry.params.push_back(detail::info(p, S{}));
    const std::string wrong = complaint(entry.params.back(), entry.params.back().initial);
    if (!wrong.empty()) fail("the default of " + entry.name + ": " + wrong);
  }
  entry.make = [](std::span<const Value> values) {
    return sched::make(detail::with_values<S>(values));
  };
  entry.complaint = [](std::span<const Value> values) -> std::string {
    if constexpr (requires(const S& s) { s.complaint(); })
      return detail::with_values<S>(values).complaint();
    return {};
  };
  entry.expression = [](std::span<const Value> values, const Clock& window) -> std::string {
    if constexpr (requires(const S& s) { s.expression(window); })
      return detail::with_values<S>(values).expression(window);
    return detail::filled_in(*find(S::name), values, window);
  };
  return detail::add(std::move(entry));
}

}  // namespace anneal::sched
