// What every schedule promises, checked for whatever the registry holds.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "random_schedule.h"
#include "sched/formula.h"
#include "sched/memory.h"
#include "sched/parse.h"

using namespace anneal::sched;

namespace {

/// Falls, stalls, rises, is not a number, and falls again.
std::vector<Observation> losses(Step total) {
  std::vector<Observation> log;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::array values{2.0, 1.0, 0.5, 0.6, 0.6, 0.6, nan, 0.7, 0.5, 0.4, -0.1, -0.2, -0.1};
  const auto n = static_cast<Step>(values.size());
  for (Step i = 0; i < n; ++i)
    if (const Step step = total * (i + 1) / (n + 1); log.empty() || log.back().step < step)
      log.push_back({step, values[static_cast<std::size_t>(i)]});
  return log;
}

/// Both ends of what a parameter may be: of a range, of lengths, of a yes or no; every word.
std::vector<Value> ends_of(const ParamInfo& p) {
  if (std::holds_alternative<double>(p.initial)) return {p.min, p.max};
  if (std::holds_alternative<int>(p.initial))
    return {static_cast<int>(p.min), static_cast<int>(p.max)};
  if (std::holds_alternative<bool>(p.initial)) return {false, true};
  if (std::holds_alternative<Length>(p.initial))
    return {updates(1), updates(1e6), epochs(0.01), percent(5), percent(100)};
  if (std::holds_alternative<Lengths>(p.initial)) {
    const auto n = std::get<Lengths>(p.initial).size();  // as many as there are values
    return {Lengths(n, updates(0)), Lengths(n, updates(1e6)), Lengths(n, percent(100))};
  }
  if (std::holds_alternative<Choice>(p.initial)) {
    std::vector<Value> words;
    for (const std::string_view word : p.choices) words.emplace_back(Choice{word});
    return words;
  }
  return {p.initial};
}

/// At its defaults, with each parameter moved to either end of its range, and 20 random settings.
std::vector<Schedule> settings(const Entry& entry) {
  std::vector<Schedule> out{entry.make(entry.defaults())};
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    const ParamInfo& p = entry.params[i];
    for (const Value& end : ends_of(p)) {
      std::vector<Value> values = entry.defaults();
      values[i] = end;
      CHECK(complaint(p, end).empty());
      out.push_back(entry.make(values));
    }
  }
  RandomSchedule random(1);
  while (out.size() < 60) {
    const Schedule s = random.leaf();
    if (s.form()->name == entry.name) out.push_back(s);
  }
  return out;
}

/// The same double, bit for bit or both not a number.
void check_equal(double a, double b) {
  CHECK((a == b || (std::isnan(a) && std::isnan(b))));
}

}  // namespace

TEST_CASE("either end of a range is another value, of every kind of parameter") {
  for (const Entry& entry : registry())
    for (const ParamInfo& p : entry.params) {
      CAPTURE(entry.name);
      CAPTURE(p.name);
      const std::vector<Value> ends = ends_of(p);
      if (!std::holds_alternative<std::string>(p.initial) &&
          !std::holds_alternative<Numbers>(p.initial))
        CHECK(ends.front() != ends.back());
    }
}

TEST_CASE("the registry holds the first schedules, sorted and documented") {
  for (const char* name : {"constant", "linear", "warmup", "step", "multistep", "exponential",
                           "polynomial", "cosine", "inverse_sqrt", "plateau"})
    CHECK(find(name) != nullptr);
  for (std::size_t i = 0; i < registry().size(); ++i) {
    const Entry& entry = registry()[i];
    CAPTURE(entry.name);
    if (i > 0) CHECK(registry()[i - 1].name < entry.name);
    CHECK(entry.help.ends_with('.'));
    CHECK(!entry.formula.empty());
    for (const ParamInfo& p : entry.params) {
      CAPTURE(p.name);
      CHECK(complaint(p, p.initial).empty());
      CHECK(!p.help.empty());
    }
  }
}

TEST_CASE("every schedule is pure, says everything in its text, is finite and never negative") {
  for (const Entry& entry : registry())
    for (const Schedule& s : settings(entry)) {
      CAPTURE(s.text());
      const Schedule read = parse(s.text());
      CHECK(read.text() == s.text());
      for (const Step total : {1, 2, 3, 10, 997}) {
        const auto log = losses(total);
        for (const Step step : {Step{0}, Step{1}, total / 2, total - 1, total, 2 * total}) {
          const Clock now = Clock::at(step, total, 7, log);
          const double once = s(now);  // throws unless finite and >= 0
          check_equal(once, s(now));
          check_equal(once, read(now));
          check_equal(once, Schedule(s)(now));
        }
      }
    }
}

TEST_CASE("past its end, every schedule holds what it has reached") {
  for (const Entry& entry : registry())
    for (const Schedule& s : settings(entry)) {
      CAPTURE(s.text());
      const double reached = s(Clock::at(100, 100, 7));
      for (const Step step : {101, 150, 1'000'000}) CHECK(s(Clock::at(step, 100, 7)) == reached);
    }
}

TEST_CASE("a run resumed at any step has the very factors of the uninterrupted one") {
  RandomSchedule random(2);
  std::vector<Schedule> all;
  for (const Entry& entry : registry())
    for (const Schedule& s : settings(entry)) all.push_back(s);
  for (int i = 0; i < 200; ++i) all.push_back(random.expression(3));
  const Step total = 60;
  const auto log = losses(total);
  for (const Schedule& s : all) {
    CAPTURE(s.text());
    std::vector<Observation> growing;  // what a live run knows
    std::size_t next = 0;
    for (Step step = 0; step < total; ++step) {
      while (next < log.size() && log[next].step <= step) growing.push_back(log[next++]);
      CHECK(s(Clock::at(step, total, 7, growing)) == s(Clock::at(step, total, 7, log)));
    }
  }
}

TEST_CASE("a memory saves work and never changes a factor, whatever the order of the questions") {
  RandomSchedule random(7);
  std::vector<Schedule> all{parse("cumulative(0.9)"), parse("cumulative(cumulative(0.99))"),
                            parse("repeat(3, plateau:patience=1)"),
                            parse("stalled:patience=5 * (warmup@10 | plateau:patience=0)")};
  for (const Entry& entry : registry())
    for (const Schedule& s : settings(entry))
      if (s.watches_losses()) all.push_back(s);
  for (int i = 0; i < 200; ++i) all.push_back(random.expression(3));
  const Step total = 60;
  const auto log = losses(total);
  for (const Schedule& s : all) {
    CAPTURE(s.text());
    Memory memory;
    for (const Step step : {0, 1, 2, 3, 10, 20, 21, 40, 59, 60, 5, 30, 70, 0, 59})
      check_equal(s(Clock::at(step, total, 7, log, &memory)), s(Clock::at(step, total, 7, log)));
  }
}

TEST_CASE("an ill-behaved schedule is named") {
  const Schedule negative("broken", [](const Clock&) { return -1.0; });
  CHECK_THROWS_WITH(
      negative(Clock::at(3, 10)),
      "schedule 'broken' gave factor -1 at step 3 of 10; a factor is finite and >= 0");
  const Schedule nan("broken", [](const Clock&) { return std::nan(""); });
  CHECK_THROWS_WITH(
      nan(Clock{}),
      "schedule 'broken' gave factor nan at step 0 of 1; a factor is finite and >= 0");
  const Schedule infinite("broken",
                          [](const Clock&) { return std::numeric_limits<double>::infinity(); });
  CHECK_THROWS(infinite(Clock{}));
}

namespace {
struct Twice {
  static constexpr std::string_view name = "cosine";
  static constexpr std::string_view help = "A name that is taken.";
  static constexpr std::string_view formula = "1";
  static constexpr std::string_view source = {};
  static constexpr std::array<Param<Twice>, 0> params() { return {}; }
  double operator()(const Clock& /*now*/) const { return 1.0; }
};
struct BadDefault {
  double a = 3.0;
  static constexpr std::string_view name = "bad_default";
  static constexpr std::string_view help = "A default out of its range.";
  static constexpr std::string_view formula = "a";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    return std::array{param<&BadDefault::a>("a", 0.0, 2.0, "", "a number")};
  }
  double operator()(const Clock& /*now*/) const { return a; }
};
}  // namespace

TEST_CASE(
    "a second schedule of one name, or a default out of range, stops the program at its start") {
  CHECK_THROWS_WITH(add<Twice>(), "two schedules are called 'cosine'");
  CHECK_THROWS_WITH(add<BadDefault>(), "the default of bad_default: a must be a number in [0, 2]");
  CHECK_THROWS_WITH(make(BadDefault{}), "bad_default: a must be a number in [0, 2]");
}

TEST_CASE("a formula that is an expression gives the schedule's own values") {
  int expressions = 0;
  constexpr std::array<std::string_view, 3> variables{"t", "step", "total"};
  for (const Entry& entry : registry())
    for (const Schedule& s : settings(entry)) {
      CAPTURE(s.text());
      const Step total = 97;
      const std::string text = entry.expression(s.form()->values, Clock::at(0, total, 7));
      if (text.empty()) continue;
      ++expressions;
      CAPTURE(text);
      Formula::Mistake mistake;
      const auto formula = Formula::read(text, variables, mistake);
      REQUIRE_MESSAGE(formula, mistake.what);
      for (Step step = 0; step < total; ++step) {
        CAPTURE(step);
        const Clock now = Clock::at(step, total, 7);
        const double expected = s(now);
        const std::array values{now.progress(), now.step, now.total};
        CHECK(std::abs((*formula)(values)-expected) <= 1e-12 * std::max(1.0, expected));
      }
    }
  CHECK(expressions > 500);
}
