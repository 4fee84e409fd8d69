// Texts and expressions as deep, wide and slow as limits.h allows, and a little more.
#include "sched/limits.h"

#include <doctest/doctest.h>

#include <array>

#include "sched/algebra.h"
#include "sched/code.h"
#include "sched/formula.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "small_stack.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

std::string times(std::size_t n, const std::string& text) {
  std::string all;
  all.reserve(n * text.size());
  for (std::size_t i = 0; i < n; ++i) all += text;
  return all;
}
/// "1+1+1": n terms.
std::string joined(std::size_t n, const std::string& term, const std::string& sign) {
  return term + times(n - 1, sign + term);
}

/// Reads a text, uses the schedule in every way there is, and lets it go, on a small stack: "fine"
/// or the first line of the message.
std::string fate(const std::string& text) {
  return on_small_stack([&]() -> std::string {
    try {
      const Schedule s = parse(text);
      Memory memory;
      for (const Step step : {0, 1, 99, 100})
        if (s(Clock::at(step, 100, 10)) != s(Clock::at(step, 100, 10, {}, &memory)))
          return "a memory changes it";
      if (parse(s.text()).text() != s.text()) return "another text";
      s.stages(20'000, 10);
      if (!s.watches_losses())
        for (const System system : {System::torch, System::keras, System::optax, System::python})
          code_of(s, system, {.spec = text, .total = 20});
      return "fine";
    } catch (const std::exception& error) {
      const std::string what = error.what();
      return what.substr(0, what.find('\n'));
    }
  });
}

}  // namespace

TEST_CASE("sums and products: at, below and above the limit, and far above") {
  const auto most = static_cast<std::size_t>(limits::levels);
  for (const std::string sign : {"+", "*"}) {
    CHECK(fate(joined(most - 1, "1", sign)) == "fine");
    CHECK(fate(joined(most, "1", sign)) == "fine");
    CHECK(fate(joined(most, "cosine", sign)) == "fine");
    CHECK(fate(joined(most + 1, "1", sign)) ==
          "bad schedule: the schedule is more than 256 levels deep; each term of a sum or product "
          "is a level (column 513)");
    CHECK(fate(joined(30'000, "1", sign)).find("(column 513)") != std::string::npos);
  }
  // Levels add up: a sum within a sum within a sum.
  const std::string deep = "(" + joined(130, "1", "*") + ")";
  CHECK(fate("1 + " + deep) == "fine");
  CHECK(fate(joined(120, "1", "+") + " + " + joined(255, "1", "*")) == "fine");
  CHECK(fate("(" + joined(130, "1", "+") + ")" + times(130, " * 1"))
            .starts_with("bad schedule: the schedule is more than 256 levels deep"));
}

TEST_CASE("brackets: at, below and above the limit, in every language") {
  const auto most = static_cast<std::size_t>(limits::nested);
  const auto in_brackets = [](std::size_t n, const std::string& open, const char* inner) {
    return times(n, open) + inner + times(n, ")");
  };
  for (const std::string open :
       {"(", "clamp(0,1,", "repeat(1,", "endless(", "cumulative(", "per_epoch(", "max(1,",
        "cycles(5,", "stretch(2,", "offset(1,", "over(50,"}) {
    CAPTURE(open);
    CHECK(fate(in_brackets(most - 1, open, "1")) == "fine");
    CHECK(fate(in_brackets(most, open, "1")) == "fine");
    CHECK(fate(in_brackets(most + 1, open, "1"))
              .starts_with("bad schedule: more than 64 brackets within brackets"));
    CHECK(fate(in_brackets(20'000, open, "1")).starts_with("bad schedule: "));
  }
  for (const auto& [open, close] :
       {std::pair{"[", "]"}, std::pair{"(", ")"}, std::pair{"{1:", "}"}, std::pair{"-", ""},
        std::pair{"+", ""}, std::pair{"1**", ""}, std::pair{"f(", ")"}, std::pair{"f(x=", ")"}})
    for (const std::size_t n : {200, 3'000, 60'000}) {
      CAPTURE(open);
      const std::string text =
          "torch.StepLR(step_size=" + times(n, open) + "1" + times(n, close) + ")";
      CHECK(fate(text).starts_with("bad schedule: "));
      if (text.size() < limits::text)
        CHECK(fate(text).find("nested too deeply (column ") != std::string::npos);
    }
  CHECK(fate("torch.StepLR(step_size=" + times(30, "-") + "1)") == "fine");
  CHECK(fate("torch.StepLR(step_size=" + joined(30, "1", "**") + ")") == "fine");
  for (const char* of :
       {"torch.ChainedScheduler([", "torch.SequentialLR(milestones=[],schedulers=["})
    for (const std::size_t n : {10, 30, 60, 200, 5'000})
      CHECK(fate(times(n, of) + "torch.StepLR(3)" + times(n, "])")) != "");
}

TEST_CASE("formulas: brackets, signs, negations, powers, conditions and operations") {
  const auto formula = [](const std::string& text) { return fate("expr:'" + text + "'"); };
  for (const auto& [open, close] :
       {std::pair{"(", ")"}, std::pair{"not ", ""}, std::pair{"-", ""}, std::pair{"--", ""},
        std::pair{"1**", ""}, std::pair{"min(1,", ")"}, std::pair{"abs(", ")"},
        std::pair{"1 if t else ", ""}}) {
    const std::string name = open;
    CAPTURE(name);
    const auto nested = [&](std::size_t n) { return times(n, open) + "1" + times(n, close); };
    CHECK(formula(nested(10)) == "fine");
    CHECK(formula(nested(12'000)).starts_with("bad schedule: expr: "));
    CHECK(formula(nested(40'000)).starts_with("bad schedule: "));
  }
  CHECK(fate("expr:'" + times(250'000 / 4, "not ") + "t'").starts_with("bad schedule: "));
  const std::size_t terms = (limits::operations + 1) / 2;
  CHECK(formula("t" + times(terms - 1, "+1")) == "fine");
  CHECK(formula("t" + times(terms, "+1")) ==
        "bad schedule: expr: more than 10000 operations and values (column 10002)");
  CHECK(formula(joined(30'000, "t", "*")).find("more than 10000 operations") != std::string::npos);
}

TEST_CASE("texts and parts: at, below and above the limit") {
  const std::string begin = "expr:'t";
  const auto padded = [&](std::size_t size) {
    return begin + times(size - begin.size() - 1, " ") + "'";
  };
  CHECK(fate(padded(limits::text)) == "fine");
  CHECK(fate(padded(limits::text + 1)) == "bad schedule: a text of 4194305 bytes; at most 4194304");
  const auto chained = [](std::size_t n) { return times(n - 1, "1@1|") + "1"; };
  const auto most = static_cast<std::size_t>(limits::parts);
  CHECK(fate(chained(most - 2)) == "fine");
  CHECK(fate(chained(most - 1)) == "fine");  // and the chain is a part itself
  CHECK(fate(chained(most)).starts_with("bad schedule: the schedule is more than 10000 parts"));
  CHECK(fate(chained(5 * most)).starts_with("bad schedule: the schedule is more than 10000 parts"));
  const auto sequence = [](int n) {
    std::string schedulers;
    std::string milestones;
    for (int i = 0; i < n; ++i) {
      schedulers += (i == 0 ? "" : ",") + std::string("torch.StepLR(9)");
      if (i > 0) milestones += (i == 1 ? "" : ",") + std::to_string(i);
    }
    return "torch.SequentialLR([" + schedulers + "],[" + milestones + "])";
  };
  CHECK(fate(sequence(4'000)) == "fine");
  CHECK(fate(sequence(9'000)) == "fine");
}

TEST_CASE("an expression made by a program keeps to the limits, too, and its message names it") {
  Schedule sum = number(1);
  for (int i = 1; i < limits::levels; ++i) sum = sum + number(1);
  CHECK(sum(Clock::at(0, 1)) == limits::levels);
  CHECK_THROWS_WITH(sum + number(1),
                    doctest::Contains("more than 256 levels deep; each term of a sum"));
  Schedule doubled = number(1);
  for (int i = 0; i < 12; ++i) doubled = doubled + doubled;
  CHECK_THROWS_WITH(doubled + doubled, doctest::Contains("more than 10000 parts"));
}

TEST_CASE("no accepted schedule takes longer than its parts do") {
  // Each of these once took minutes, or all memory.
  for (const std::string text : {
           "endless(repeat(1000, repeat(1000, cosine)))",
           "over(1e15, repeat(1000000, repeat(1000000, cosine)))",
           "stretch(1e-9, repeat(1000, repeat(1000, cosine)))",
           "offset(1e12, repeat(1000, repeat(1000, cosine)))",
           "max(repeat(1000, 1@1|1), max(repeat(999, 1@1|1), repeat(998, 1@1|1)))",
           "cycles(1e-9%, cosine)",
           "offset(1e15, cycles(1, growth=1.0000001, cosine))",
           "cumulative(stretch(1e-9, cosine))",
           "cumulative(offset(1e15, constant))",
           "stretch(0.01, cumulative(constant))",
           "repeat(1000, cumulative(0.9))",
           "cycles(1, cumulative(repeat(10, cumulative(0.9))))",
       }) {
    CAPTURE(text);
    CHECK(fate(text) == "fine");
  }
  CHECK(fate("reverse(endless(cumulative(0.9)))").find("cannot be run backwards") !=
        std::string::npos);
  CHECK(fate("offset(100%, over(1e15, offset(50%, cumulative(0.9))))").find("takes too long") !=
        std::string::npos);
  CHECK(fate("stretch(1e-300, cosine)").find("is evaluated in a run of") != std::string::npos);
  // A long run of many parts, update by update.
  const Schedule chain = parse(times(1'000, "linear@100|") + "1@50 | cumulative(0.999)");
  Memory memory;
  double sum = 0.0;
  for (Step step = 0; step < 100'000; ++step)
    sum += chain(Clock::at(step, 200'000, 10, {}, &memory));
  CHECK(sum == close(50'500.0, 1e-9));  // 1 + 0.99 + ... + 0.01 for each
}

TEST_CASE("stages that nobody could read are one, and what does not fit is refused all the same") {
  CHECK(parse("repeat(1000, cosine)").stages(2000, 1).size() == 1000);
  CHECK(parse("repeat(1000000, cosine)").stages(2'000'000, 1).size() == 1);
  CHECK_THROWS_WITH(
      parse("repeat(1000000, 1@5 | cosine)").stages(2'000'000, 1),
      "'1@5 | cosine' does not fit into 2 updates: stage '1@5' would end at update 5");
}
