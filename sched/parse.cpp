#include "sched/parse.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sched/combine.h"
#include "sched/cursor.h"
#include "sched/fail.h"
#include "sched/limits.h"
#include "sched/peers/peers.h"
#include "sched/read_value.h"
#include "sched/registry.h"
#include "sched/suggest.h"

namespace anneal::sched {
namespace {

/// Recursive descent: one function for each line of the grammar in parse.h.
class Parser {
 public:
  Parser(std::string_view text, double base_lr) : at_(text), base_lr_(base_lr) {}

  Schedule whole() {
    Schedule result = schedule();
    if (at_.at_end()) return result;
    const char next = at_.peek();
    at_.fail_here(
        std::string("expected '|', '+', '*', '@' or the end") +
        (next == '-' || next == '/' ? "; a formula subtracts and divides: expr:'1 - t / 2'"
         : next == ';' ? "; what follows ';', as in '; lr=0.1', is for anneal compare alone"
                       : ""));
  }

 private:
  Schedule schedule() {
    const std::size_t start = at_.place();
    if (++depth_ > limits::nested + 1)
      at_.fail_here("more than " + std::to_string(limits::nested) + " brackets within brackets");
    std::vector<Part> parts;
    std::optional<std::size_t> open;
    double percents = 0.0;
    bool empty = true;
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
      empty = empty && length && length->amount == 0.0;
    } while (at_.accept('|'));
    if (empty) at_.fail_at(start, "a stage of length 0 is left out, and there is no other");
    --depth_;
    if (parts.size() > 1) count(start, 1);
    const bool is_chain = parts.size() > 1 || parts[0].length;
    if (is_chain || depth_ > 0) {
      Extent all = extent_of(Form{"|", {}, parts});
      if (is_chain && depth_ > 0) ++all.levels;  // for what it stands in
      allow(start, all);
    }
    return chain(std::move(parts));
  }

  Part part() {
    Schedule s = sum();
    if (!at_.accept('@')) return {std::move(s)};
    return {std::move(s), read_length(at_)};
  }

  Schedule sum() {
    Schedule result = product();
    while (at_.accept('+')) {
      const std::size_t start = at_.place();
      const Schedule next = product();
      count(start, 1);
      allow(start, extent_of(Form{"+", {}, {{result}, {next}}}));
      result = result + next;
    }
    return result;
  }

  Schedule product() {
    Schedule result = atom();
    while (at_.accept('*')) {
      const std::size_t start = at_.place();
      const Schedule next = atom();
      count(start, 1);
      allow(start, extent_of(Form{"*", {}, {{result}, {next}}}));
      result = result * next;
    }
    return result;
  }

  /// Refuses, at its place, what the whole would be too large with.
  void allow(std::size_t start, const Extent& extent) const {
    if (const std::string wrong = refusal_of(extent); !wrong.empty())
      at_.fail_at(start, "the schedule is " + wrong);
  }

  /// As many parts more, of which a place is the first.
  void count(std::size_t start, double parts) {
    read_.parts += parts;
    allow(start, read_);
  }

  Schedule atom() {
    const std::size_t start = at_.place();
    if (at_.accept('(')) return closed(schedule());
    const char next = at_.peek();
    if (is_digit(next) || next == '.' || next == '-') {
      count(start, 1);
      const double factor = at_.number();
      if (factor < 0.0) at_.fail_at(start, "a factor cannot be negative");
      return number(factor);
    }
    if (next == '{') at_.fail_here("expected a schedule; {a,b} is for anneal compare alone");
    const std::string_view name = at_.identifier("a schedule");
    if (std::ranges::find(combinators(), name, &Combinator::name) != combinators().end()) {
      count(start, 1);
      return combination(name);
    }
    Schedule s = at_.peek() == '.' ? of_a_peer(start) : of_ours(start, name);
    count(start, s.extent().parts);
    return s;
  }

  Schedule of_a_peer(std::size_t start) {
    at_.go_to(start);
    return peers::read(at_, base_lr_).lr;
  }

  Schedule of_ours(std::size_t start, std::string_view name) {
    const Entry* entry = find(name);
    if (entry == nullptr) unknown_schedule(start, name);
    return with_params(*entry);
  }

  Schedule combination(std::string_view name) {
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
      at_.expect(',');
      const Schedule s =
          unless([&](const Schedule& inner) { return refusal_to_stretch(times, inner); });
      return closed(stretch(times, s));
    }
    if (name == "offset") {
      const Length skipped = read_length(at_);
      at_.expect(',');
      const Schedule s =
          unless([&](const Schedule& inner) { return refusal_to_skip(skipped, inner); });
      return closed(offset(skipped, s));
    }
    if (name == "reverse") return closed(reverse(unless(refusal_to_reverse)));
    if (name == "cumulative") return closed(cumulative(unless(refusal_to_move)));
    if (name == "per_epoch") return closed(per_epoch(unless(refusal_to_count_epochs)));
    if (name == "over") {
      const std::size_t start = at_.place();
      const Length planned = read_length(at_);
      if (planned.amount <= 0.0) at_.fail_at(start, "expected a length above 0");
      return closed(over(planned, next_schedule()));
    }
    if (name == "endless") return closed(endless(schedule()));
    Schedule first = schedule();  // max and min
    return closed(name == "max" ? max(first, next_schedule()) : min(first, next_schedule()));
  }

  Schedule next_schedule() {
    at_.expect(',');
    return schedule();
  }

  /// A schedule that there is nothing against.
  template <class Refusal>
  Schedule unless(Refusal refusal) {
    const std::size_t start = at_.place();
    Schedule s = schedule();
    if (const std::string wrong = refusal(s); !wrong.empty()) at_.fail_at(start, wrong);
    return s;
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
        how.growth = above_zero();
      else if (key == "decay" && at_.accept('='))
        how.decay = above_zero();
      else if (key == "limit" && at_.accept('='))
        how.limit = whole_number(0, 1'000'000, "a whole number of cycles, 0 for no limit");
      else if (key == "floor" && at_.accept('='))
        how.floor = number_that([](double x) { return x >= 0.0; }, "a number that is not negative");
      else if (key == "below_floor" && at_.accept('='))
        how.below_floor = read_yes_or_no(at_);
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
    if (const std::string meant = peers::with_system(name); !meant.empty())
      at_.fail_at(start, "no schedule of ours is called '" + std::string(name) +
                             "'; did you mean " + meant + "?");
    for (const std::string& n : names) known += (known.empty() ? "" : ", ") + n;
    const std::string guess = did_you_mean(name, names);
    at_.fail_at(start, "no schedule is called '" + shown(name) + "'" +
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
    at_.fail_at(start, "'" + entry.name + "' has no parameter '" + shown(key) + "'" +
                           (guess.empty() ? "; it has: " + known : guess));
  }

  Cursor at_;
  double base_lr_;
  int depth_ = 0;            ///< brackets that are open
  Extent read_{.parts = 0};  ///< so far: every atom counts, in whatever it stands
};

}  // namespace

Schedule parse(std::string_view text, double base_lr) {
  return Parser(text, base_lr).whole();
}

}  // namespace anneal::sched
