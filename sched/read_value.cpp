#include "sched/read_value.h"

#include <algorithm>
#include <cmath>

#include "sched/limits.h"

namespace anneal::sched {
bool read_yes_or_no(Cursor& at) {
  const std::size_t start = at.place();
  const std::string_view word = at.identifier("true or false");
  if (word != "true" && word != "false") at.fail_at(start, "expected true or false");
  return word == "true";
}

namespace {

Choice choice(Cursor& at, const ParamInfo& p) {
  const std::size_t start = at.place();
  const std::string_view word = at.identifier("a word");
  const auto found = std::ranges::find(p.choices, word);
  if (found == p.choices.end()) at.fail_at(start, complaint(p, Choice{word}));
  return {*found};
}

std::string quoted(Cursor& at) {
  const char quote = at.peek() == '"' ? '"' : '\'';
  at.expect(quote);
  const std::size_t start = at.place();
  const std::size_t end = at.text().find(quote, start);
  if (end == std::string_view::npos) at.fail_at(start, std::string("expected a closing ") + quote);
  at.go_to(end + 1);
  return std::string(at.text().substr(start, end - start));
}

template <class T, class Read>
std::vector<T> list(Cursor& at, const Read& read) {
  std::vector<T> all;
  at.expect('[');
  if (at.accept(']')) return all;
  do all.push_back(read());
  while (at.accept(','));
  at.expect(']');
  return all;
}

Value read_as(Cursor& at, const ParamInfo& p) {
  const Value& example = p.initial;
  if (std::holds_alternative<bool>(example)) return read_yes_or_no(at);
  if (std::holds_alternative<Length>(example)) return read_length(at);
  if (std::holds_alternative<Lengths>(example))
    return list<Length>(at, [&] { return read_length(at); });
  if (std::holds_alternative<Numbers>(example))
    return list<double>(at, [&] { return at.number(); });
  if (std::holds_alternative<Choice>(example)) return choice(at, p);
  if (std::holds_alternative<std::string>(example)) return quoted(at);
  const std::size_t start = at.place();
  const double read = at.number();
  if (!std::holds_alternative<int>(example)) return read;
  if (read != std::floor(read) || std::abs(read) > 1e9) at.fail_at(start, "expected an integer");
  return static_cast<int>(read);
}

}  // namespace

Value read_value(Cursor& at, const ParamInfo& parameter) {
  const std::size_t start = at.place();
  Value read = read_as(at, parameter);
  const std::string wrong = complaint(parameter, read);
  if (!wrong.empty()) at.fail_at(start, wrong);
  return read;
}

Length read_length(Cursor& at) {
  const std::size_t start = at.place();
  const double amount = at.number();
  if (amount < 0.0) at.fail_at(start, "a length cannot be negative");
  if (at.accept('%')) return percent(amount);
  if (!at.at_letter()) {
    if (amount > 0.0 && amount < 1.0)
      at.fail_at(start, "a length of " + number_text(amount) +
                            " updates is less than one; did you mean " +
                            number_text(std::round(amount * 1e12) / 1e10) + "%?");
    if (amount > limits::updates)
      at.fail_at(start, "a length must be at most " + number_text(limits::updates));
    return updates(amount);
  }
  const std::size_t unit_start = at.place();
  if (at.identifier("a unit") != "ep")
    at.fail_at(unit_start, "expected 'ep', '%' or no unit (updates)");
  return epochs(amount);
}

bool at_quote(Cursor& at) {
  return at.peek() == '\'' || at.peek() == '"';
}

}  // namespace anneal::sched
