#include "sched/parse.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sched/cursor.h"
#include "sched/peers/peers.h"
#include "sched/read_value.h"
#include "sched/registry.h"
#include "sched/suggest.h"

namespace anneal::sched {
namespace {

constexpr int max_depth = 64;  // of parentheses: no text can exhaust the stack

/// Recursive descent: one function for each line of the grammar in parse.h.
class Parser {
 public:
  Parser(std::string_view text, double base_lr) : at_(text), base_lr_(base_lr) {}

  Schedule whole() {
    Schedule result = schedule();
    if (!at_.at_end()) at_.fail_here("expected '|', '+', '*', '@' or the end");
    return result;
  }

 private:
  Schedule schedule() {
    if (++depth_ > max_depth) at_.fail_here("nested too deeply");
    std::vector<Part> parts;
    std::optional<std::size_t> open;
    double percents = 0.0;
    do {
      const std::size_t part_start = at_.place();
      parts.push_back(part());
      const std::optional<Length>& length = parts.back().length;
      if (!length && open)
        at_.fail_at(part_start, "a second stage without '@length'; only one can take what is left");
      if (!length) open = part_start;
      if (length && length->unit == Length::Unit::percent) percents += length->amount;
      if (percents > 100.0 * (1.0 + 1e-12))
        at_.fail_at(part_start, "the stages add up to " + number_text(percents) + " % here");
    } while (at_.accept('|'));
    --depth_;
    return chain(std::move(parts));
  }

  Part part() {
    Schedule s = sum();
    if (!at_.accept('@')) return {std::move(s)};
    const std::size_t start = at_.place();
    const Length amount = read_length(at_);
    if (amount.amount <= 0.0) at_.fail_at(start, "a stage must be longer than 0");
    return {std::move(s), amount};
  }

  Schedule sum() {
    Schedule result = product();
    while (at_.accept('+')) result = result + product();
    return result;
  }

  Schedule product() {
    Schedule result = atom();
    while (at_.accept('*')) result = result * atom();
    return result;
  }

  Schedule atom() {
    if (at_.accept('(')) return closed(schedule());
    const std::size_t start = at_.place();
    const char next = at_.peek();
    if (is_digit(next) || next == '.' || next == '-') {
      const double factor = at_.number();
      if (factor < 0.0) at_.fail_at(start, "a factor cannot be negative");
      return number(factor);
    }
    const std::string_view name = at_.identifier("a schedule");
    if (const auto combined = combination(name)) return *combined;
    if (at_.peek() == '.') {
      at_.go_to(start);
      return peers::read(at_, base_lr_).lr;
    }
    const Entry* entry = find(name);
    if (entry == nullptr) unknown_schedule(start, name);
    return with_params(*entry);
  }

  std::optional<Schedule> combination(std::string_view name) {
    if (std::ranges::find(combinators(), name, &Combinator::name) == combinators().end()) return {};
    at_.expect('(');
    if (name == "repeat") {
      const int times = whole_number(1, 1'000'000, "a whole number of cycles");
      return closed(repeat(times, next_schedule()));
    }
    if (name == "cycles") return closed(cycling());
    if (name == "clamp") {
      const std::size_t start = at_.place();
      const double floor = at_.number();
      at_.expect(',');
      const double ceiling = at_.number();
      if (floor < 0.0 || ceiling < floor) at_.fail_at(start, "expected 0 <= floor <= ceiling");
      return closed(clamp(floor, ceiling, next_schedule()));
    }
    if (name == "stretch") {
      const double times = above_zero();
      return in_own_time("stretch", [&](const Schedule& s) { return stretch(times, s); });
    }
    if (name == "offset") {
      const Length skipped = read_length(at_);
      return in_own_time("offset", [&](const Schedule& s) { return offset(skipped, s); });
    }
    if (name == "over") {
      const std::size_t start = at_.place();
      const Length planned = read_length(at_);
      if (planned.amount <= 0.0) at_.fail_at(start, "expected a length above 0");
      return closed(over(planned, next_schedule()));
    }
    if (name == "reverse")
      return in_own_time(
          "reverse", [](const Schedule& s) { return reverse(s); }, false);
    if (name == "cumulative")
      return in_own_time(
          "cumulative", [](const Schedule& s) { return cumulative(s); }, false);
    if (name == "endless") return closed(endless(schedule()));
    Schedule first = schedule();  // max and min
    return closed(name == "max" ? max(first, next_schedule()) : min(first, next_schedule()));
  }

  Schedule next_schedule() {
    at_.expect(',');
    return schedule();
  }

  /// The combinators that cannot hold a schedule that follows the losses.
  template <class Make>
  Schedule in_own_time(const char* name, Make make, bool comma = true) {
    if (comma) at_.expect(',');
    const std::size_t start = at_.place();
    const Schedule s = schedule();
    if (s.watches_losses())
      at_.fail_at(start, std::string("what follows the losses cannot stand in ") + name + "()");
    return closed(make(s));
  }

  Schedule cycling() {
    Cycles how;
    const std::size_t start = at_.place();
    how.first = read_length(at_);
    if (how.first.amount <= 0.0) at_.fail_at(start, "expected a length above 0");
    while (true) {
      at_.expect(',');
      const std::size_t key_start = at_.place();
      const std::string_view key = is_letter(at_.peek()) ? at_.identifier("a schedule") : "";
      if (key == "growth" && at_.accept('='))
        how.growth = number_that([](double x) { return x >= 1.0; }, "a number that is at least 1");
      else if (key == "decay" && at_.accept('='))
        how.decay = above_zero();
      else if (key == "limit" && at_.accept('='))
        how.limit = whole_number(0, 1'000'000, "a whole number of cycles, 0 for no limit");
      else if (key == "floor" && at_.accept('='))
        how.floor = number_that([](double x) { return x >= 0.0; }, "a number that is not negative");
      else {
        at_.go_to(key_start);
        return cycles(how, schedule());
      }
    }
  }

  int whole_number(int least, int most, const char* what) {
    const auto fits = [&](double n) { return n >= least && n <= most && n == std::floor(n); };
    return static_cast<int>(number_that(
        fits,
        std::string(what) + ", from " + std::to_string(least) + " to " + std::to_string(most)));
  }
  /// A number that `fits`, as `wanted` says.
  template <class Fits>
  double number_that(Fits fits, const std::string& wanted) {
    const std::size_t start = at_.place();
    const double x = at_.number();
    if (!fits(x)) at_.fail_at(start, "expected " + wanted);
    return x;
  }
  double above_zero() {
    return number_that([](double x) { return x > 0.0; }, "a number above 0");
  }

  Schedule with_params(const Entry& entry) {
    const std::size_t start = at_.place();
    std::vector<Value> values = entry.defaults();
    std::vector<bool> given(values.size(), false);
    if (at_.accept(':')) do {
        const std::size_t key_start = at_.place();
        const auto p = parameter(entry);
        const auto i = static_cast<std::size_t>(p - entry.params.begin());
        if (given[i]) at_.fail_at(key_start, "'" + p->name + "' is given twice");
        given[i] = true;
        values[i] = read_value(at_, *p);
      } while (next_parameter());
    if (const std::string wrong = entry.complaint(values); !wrong.empty())
      at_.fail_at(start, entry.name + ": " + wrong);
    return entry.make(values);
  }

  /// Reads up to the value: "key=", or nothing before a text in quotes, which is for the first
  /// parameter that takes one.
  std::vector<ParamInfo>::const_iterator parameter(const Entry& entry) {
    const std::size_t start = at_.place();
    if (at_quote(at_))
      for (auto p = entry.params.begin(); p != entry.params.end(); ++p)
        if (std::holds_alternative<std::string>(p->initial)) return p;
    const std::string_view key = at_.identifier("a parameter");
    const auto p = std::ranges::find(entry.params, key, &ParamInfo::name);
    if (p == entry.params.end()) unknown_parameter(start, entry, key);
    at_.expect('=');
    return p;
  }

  /// A comma, and that it is followed by another parameter: `max(step:every=5, cosine)`.
  bool next_parameter() {
    const std::size_t comma = at_.place();
    if (!at_.accept(',')) return false;
    const std::size_t start = at_.place();
    if (at_quote(at_)) {
      at_.go_to(start);
      return true;
    }
    if (is_letter(at_.peek())) {
      at_.identifier("");
      const bool assigned = at_.accept('=');
      at_.go_to(assigned || depth_ <= 1 ? start : comma);
      return assigned || depth_ <= 1;
    }
    at_.go_to(depth_ <= 1 ? start : comma);
    return depth_ <= 1;
  }

  Schedule closed(Schedule inner) {
    at_.expect(')');
    return inner;
  }

  [[noreturn]] void unknown_schedule(std::size_t start, std::string_view name) {
    std::vector<std::string> names;
    for (const Combinator& c : combinators()) names.emplace_back(c.name);
    for (const Entry& entry : registry()) names.push_back(entry.name);
    std::string known;
    for (const peers::Peer& peer : peers::all())
      for (const peers::Class& c : peer.classes)
        if (name == c.name)
          at_.fail_at(start, "no schedule of ours is called '" + std::string(name) +
                                 "'; did you mean " + std::string(peer.name) + "." +
                                 std::string(c.name) + "(...)?");
    for (const std::string& n : names) known += (known.empty() ? "" : ", ") + n;
    const std::string guess = did_you_mean(name, names);
    at_.fail_at(start, "no schedule is called '" + std::string(name) + "'" +
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
    at_.fail_at(start, "'" + entry.name + "' has no parameter '" + std::string(key) + "'" +
                           (guess.empty() ? "; it has: " + known : guess));
  }

  Cursor at_;
  double base_lr_;
  int depth_ = 0;
};

}  // namespace

Schedule parse(std::string_view text, double base_lr) {
  return Parser(text, base_lr).whole();
}

}  // namespace anneal::sched
