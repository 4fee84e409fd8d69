#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "sched/cursor.h"

namespace anneal::sched::python {

/// The tokens of Python at a place in a text: numbers, strings, operators, words.
class Tokens {
 protected:
  explicit Tokens(Cursor& at) : at_(at) {}

  double number() {
    double value = at_.number();
    // 10_000
    while (!at_.at_end() && at_.text()[at_.place()] == '_') {
      at_.accept('_');
      const std::size_t start = at_.place();
      const double digits = at_.number();
      value = value * std::pow(10.0, static_cast<double>(at_.since(start).size())) + digits;
    }
    return value;
  }

  std::string string(char quote) {
    at_.accept(quote);
    const std::size_t start = at_.place();
    const std::size_t end = at_.text().find(quote, start);
    if (end == std::string_view::npos) at_.fail_at(start, "expected a closing quote");
    at_.go_to(end + 1);
    return std::string(at_.text().substr(start, end - start));
  }

  /// An operator of comparison that stands here, passed over; or nothing.
  std::string_view comparator() {
    for (const std::string_view op : {"<=", ">=", "==", "!=", "<", ">"})
      if (sign(op)) return op;
    return {};
  }

  bool next_is(std::string_view s) { return at_.text().substr(at_.place()).starts_with(s); }
  /// Each passes over what was asked for, or stays.
  bool sign(std::string_view s) {
    if (!next_is(s)) return false;
    at_.go_to(at_.place() + s.size());
    return true;
  }
  bool word(std::string_view w) {
    const std::size_t start = at_.place();
    if (is_letter(at_.peek()) && at_.identifier("") == w) return true;
    at_.go_to(start);
    return false;
  }

  /// Runs over the text from here to the bracket that closes, strings and inner brackets apart.
  template <class See>
  std::size_t scan(const See& see) {
    const std::string_view text = at_.text();
    int open = 0;
    for (std::size_t i = at_.place(); i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\'' || c == '"') {
        i = std::min(text.find(c, i + 1), text.size());
        continue;
      }
      if (c == '(' || c == '[' || c == '{') ++open;
      if ((c == ')' || c == ']' || c == '}') && --open < 0) return i;
      if (open == 0 && see(i)) return i;
    }
    return text.size();
  }
  std::size_t end_of_brackets() {
    return scan([](std::size_t) { return false; });
  }
  /// Where the `for` of a comprehension is, if this is one.
  std::size_t find_for() {
    const std::string_view text = at_.text();
    const std::size_t found = scan([&](std::size_t i) {
      const bool alone = (i == 0 || !(is_letter(text[i - 1]) || is_digit(text[i - 1]))) &&
                         i + 3 < text.size() && (text[i + 3] == ' ' || text[i + 3] == '\t');
      return text[i] == ',' || (alone && text.substr(i).starts_with("for"));
    });
    return text.substr(found).starts_with("for") ? found : std::string_view::npos;
  }

  Cursor& at_;
};

}  // namespace anneal::sched::python
