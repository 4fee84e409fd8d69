#include "sched/parse.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "sched/fail.h"
#include "sched/registry.h"
#include "sched/suggest.h"

namespace anneal::sched {
namespace {

constexpr int max_depth = 64;  // of parentheses: no text can exhaust the stack

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Recursive descent: one function for each line of the grammar in parse.h.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Schedule whole() {
    Schedule result = schedule();
    if (!at_end()) fail_here("expected '|', '*', '@' or the end");
    return result;
  }

 private:
  Schedule schedule() {
    if (++depth_ > max_depth) fail_here("nested too deeply");
    std::vector<Part> parts;
    std::optional<std::size_t> open;
    double percents = 0.0;
    do {
      const std::size_t part_start = place();
      parts.push_back(part());
      const std::optional<Length>& length = parts.back().length;
      if (!length && open)
        fail_at(part_start, "a second stage without '@length'; only one can take what is left");
      if (!length) open = part_start;
      if (length && length->unit == Length::Unit::percent) percents += length->amount;
      if (percents > 100.0 * (1.0 + 1e-12))
        fail_at(part_start, "the stages add up to " + number_text(percents) + " % here");
    } while (accept('|'));
    --depth_;
    return chain(std::move(parts));
  }

  Part part() {
    Schedule s = product();
    if (!accept('@')) return {std::move(s)};
    const std::size_t start = place();
    const Length amount = length();
    if (amount.amount <= 0.0) fail_at(start, "a stage must be longer than 0");
    return {std::move(s), amount};
  }

  Schedule product() {
    Schedule result = atom();
    while (accept('*')) result = result * atom();
    return result;
  }

  Schedule atom() {
    if (accept('(')) return closed(schedule());
    const std::size_t start = place();
    if (!at_end() && (is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == '-')) {
      const double factor = number();
      if (factor < 0.0) fail_at(start, "a factor cannot be negative");
      return {number_text(factor), [factor](const Clock&) { return factor; }};
    }
    const std::string_view name = identifier("a schedule");
    if (name == "repeat") return repetition();
    const Entry* entry = find(name);
    if (entry == nullptr) unknown_schedule(start, name);
    return with_params(*entry);
  }

  Schedule repetition() {
    expect('(');
    const std::size_t start = place();
    const double times = number();
    if (times < 1.0 || times > 1e6 || times != std::floor(times))
      fail_at(start, "expected a whole number of cycles, from 1 to 1000000");
    expect(',');
    return closed(repeat(static_cast<int>(times), schedule()));
  }

  Schedule with_params(const Entry& entry) {
    std::vector<Value> values = entry.defaults();
    std::vector<bool> given(values.size(), false);
    if (accept(':')) do {
        const std::size_t start = place();
        const std::string_view key = identifier("a parameter");
        const auto p = std::ranges::find(entry.params, key, &ParamInfo::name);
        if (p == entry.params.end()) unknown_parameter(start, entry, key);
        const auto i = static_cast<std::size_t>(p - entry.params.begin());
        if (given[i]) fail_at(start, "'" + p->name + "' is given twice");
        given[i] = true;
        expect('=');
        values[i] = value(*p);
      } while (accept(','));
    return entry.make(values);
  }

  Value value(const ParamInfo& p) {
    const std::size_t start = place();
    Value read = read_as(p.initial);
    const std::string wrong = complaint(p, read);
    if (!wrong.empty()) fail_at(start, wrong);
    return read;
  }

  /// A value of the same kind as `example`.
  Value read_as(const Value& example) {
    if (std::holds_alternative<bool>(example)) return yes_or_no();
    if (std::holds_alternative<Length>(example)) return length();
    if (std::holds_alternative<Lengths>(example)) return lengths();
    const std::size_t start = place();
    const double read = number();
    if (!std::holds_alternative<int>(example)) return read;
    if (read != std::floor(read) || std::abs(read) > 1e9) fail_at(start, "expected an integer");
    return static_cast<int>(read);
  }

  bool yes_or_no() {
    const std::size_t start = place();
    const std::string_view word = identifier("true or false");
    if (word != "true" && word != "false") fail_at(start, "expected true or false");
    return word == "true";
  }

  Lengths lengths() {
    Lengths all;
    expect('[');
    do all.push_back(length());
    while (accept(','));
    expect(']');
    return all;
  }

  Length length() {
    const std::size_t start = place();
    const double amount = number();
    if (amount < 0.0) fail_at(start, "a length cannot be negative");
    if (accept('%')) return percent(amount);
    if (at_ == text_.size() || !is_letter(text_[at_])) return updates(amount);
    const std::size_t unit_start = at_;
    if (identifier("a unit") != "ep")
      fail_at(unit_start, "expected 'ep', '%' or no unit (updates)");
    return epochs(amount);
  }

  Schedule closed(Schedule inner) {
    expect(')');
    return inner;
  }

  std::string_view identifier(const char* wanted) {
    const std::size_t start = place();
    while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > start && is_digit(text_[at_]))))
      ++at_;
    if (at_ == start) fail_here(std::string("expected ") + wanted);
    return text_.substr(start, at_ - start);
  }

  double number() {
    const std::size_t start = place();
    double value = 0.0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) fail_at(start, "expected a number");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  bool accept(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail_here(std::string("expected '") + c + "'");
  }
  bool at_end() { return place() == text_.size(); }
  std::size_t place() {  ///< of the next thing that is not white space
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_;
  }

  [[noreturn]] void unknown_schedule(std::size_t start, std::string_view name) {
    std::vector<std::string> names{"repeat"};
    for (const Entry& entry : registry()) names.push_back(entry.name);
    std::string known;
    for (const std::string& n : names) known += (known.empty() ? "" : ", ") + n;
    const std::string guess = did_you_mean(name, names);
    fail_at(start, "no schedule is called '" + std::string(name) + "'" +
                       (guess.empty() ? "; known: " + known : guess));
  }
  [[noreturn]] void unknown_parameter(std::size_t start, const Entry& entry, std::string_view key) {
    std::vector<std::string> names;
    std::string known;
    for (const ParamInfo& p : entry.params) {
      names.push_back(p.name);
      known += (known.empty() ? "" : ", ") + p.name;
    }
    const std::string guess = did_you_mean(key, names);
    fail_at(start, "'" + entry.name + "' has no parameter '" + std::string(key) + "'" +
                       (guess.empty() ? "; it has: " + known : guess));
  }

  [[noreturn]] void fail_here(const std::string& what) { fail_at(place(), what); }
  [[noreturn]] void fail_at(std::size_t place, const std::string& what) const {
    fail("bad schedule: " + what + "\n  " + std::string(text_) + "\n  " + std::string(place, ' ') +
         "^");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Schedule parse(std::string_view text) {
  return Parser(text).whole();
}

}  // namespace anneal::sched
