#include "sched/parse.h"

#include <doctest/doctest.h>

#include "random_schedule.h"

using namespace anneal::sched;

namespace {

/// The message of parse(text), without its first words and without the text that it repeats.
std::string error_of(const std::string& text) {
  try {
    parse(text);
  } catch (const std::invalid_argument& error) {
    const std::string what = error.what();
    const std::string begin = "bad schedule: ";
    const std::string shown = "\n  " + text + "\n  ";
    REQUIRE(what.starts_with(begin));
    const std::size_t end = what.find(shown);
    REQUIRE(end != std::string::npos);
    const std::string caret = what.substr(end + shown.size());
    REQUIRE(caret.ends_with('^'));
    return std::to_string(caret.size() - 1) + ": " + what.substr(begin.size(), end - begin.size());
  }
  return "none";
}

}  // namespace

TEST_CASE("an error shows the text and a caret under the place") {
  CHECK_THROWS_WITH(parse("warmup@5% | cosin"),
                    "bad schedule: no schedule is called 'cosin'; did you mean 'cosine'?\n"
                    "  warmup@5% | cosin\n"
                    "              ^");
}

TEST_CASE("parse says what is wrong and where") {
  // The number is the column of the caret, from 0.
  CHECK(error_of("") == "0: expected a schedule");
  CHECK(error_of("  ") == "2: expected a schedule");
  CHECK(error_of("cosin") == "0: no schedule is called 'cosin'; did you mean 'cosine'?");
  CHECK(error_of("2 * polinomial") ==
        "4: no schedule is called 'polinomial'; did you mean 'polynomial'?");
  CHECK(error_of("cosine:flor=1") == "7: 'cosine' has no parameter 'flor'; did you mean 'floor'?");
  CHECK(error_of("linear:x=1") == "7: 'linear' has no parameter 'x'; it has: from, to");
  CHECK(error_of("warmup:from=2") == "12: from must be a number in [0, 1]");
  CHECK(error_of("COSINE") == "0: no schedule is called 'COSINE'; did you mean 'cosine'?");
  CHECK(error_of("get_linear_schedule_with_warmup(10, 100)") ==
        "0: no schedule of ours is called 'get_linear_schedule_with_warmup'; did you mean "
        "diffusers.get_linear_schedule_with_warmup(...) or "
        "transformers.get_linear_schedule_with_warmup(...)?");
  CHECK(error_of("{cosine,linear}") == "0: expected a schedule; {a,b} is for anneal compare alone");
  CHECK(error_of("cosine; lr=0.1") ==
        "6: expected '|', '+', '*', '@' or the end; what follows ';', as in '; lr=0.1', is for "
        "anneal compare alone");
  CHECK(error_of("cosine:floor=nan") == "13: expected a number");
  CHECK(error_of("cosine:floor=1e999") == "13: expected a number");
  CHECK(error_of("cosine:floor") == "12: expected '='");
  CHECK(error_of("cosine:") == "7: expected a parameter");
  CHECK(error_of("cosine:floor=0.1,floor=0.2") == "17: 'floor' is given twice");
  CHECK(error_of("plateau:patience=1.5") == "17: expected an integer");
  CHECK(error_of("plateau:patience=-1") == "17: patience must be an integer in [0, 1e+05]");
  CHECK(error_of("plateau:maximize=yes") == "17: expected true or false");
  CHECK(error_of("step:every=5days") == "12: expected 'ep', '%' or no unit (updates)");
  CHECK(error_of("step:every=0") == "11: every must be a length above 0, such as 500, 5ep or 10%");
  CHECK(error_of("step:every=200%") == "11: every must be at most 100%");
  CHECK(error_of("multistep:at=50%") == "13: expected '['");
  CHECK(error_of("multistep:at=[50%") == "17: expected ']'");
  CHECK(error_of("multistep:at=[50%,20%]") == "13: at must not fall: 20% follows 50%");
  CHECK(error_of("warmup@0 | cosine@0%") ==
        "0: a stage of length 0 is left out, and there is no other");
  CHECK(error_of("cosine * (warmup@0)") ==
        "10: a stage of length 0 is left out, and there is no other");
  CHECK(error_of("warmup@0.05 | cosine") ==
        "7: a length of 0.05 updates is less than one; did you mean 5%?");
  CHECK(error_of("restarts:first=0.2") ==
        "15: a length of 0.2 updates is less than one; did you mean 20%?");
  CHECK(error_of("offset(0.125, cosine)") ==
        "7: a length of 0.125 updates is less than one; did you mean 12.5%?");
  CHECK(error_of("multistep:at=[0.5,0.75]") ==
        "14: a length of 0.5 updates is less than one; did you mean 50%?");
  CHECK(error_of("warmup@1e16 | cosine") == "7: a length must be at most 9007199254740992");
  CHECK(error_of("per_epoch(warmup@5 | plateau)") ==
        "10: 'warmup@5 | plateau' follows the losses: it counts evaluations, not epochs");
  CHECK(error_of("stretch(2, plateau)") ==
        "11: 'plateau' follows the losses, which cannot be moved in time");
  CHECK(error_of("reverse(cumulative(0.9))") ==
        "8: 'cumulative(0.9)' holds a product over the past, which cannot be run backwards");
  CHECK(error_of("stretch(1e-9, cumulative(0.9))") ==
        "14: 'cumulative(0.9)' holds a product, to which each update would add 999999999.9999999 "
        "factors; at most 100");
  CHECK(error_of("stretch(0.1, stretch(0.05, cumulative(0.9)))")
            .starts_with("13: 'stretch(0.05, cumulative(0.9))' holds a product, to which each "
                         "update would add 200"));
  CHECK(error_of("offset(1e15, cumulative(0.9))") ==
        "13: 'cumulative(0.9)' holds a product, which would begin with 1e+15 factors");
  CHECK(error_of("warmup@-5 | cosine") == "7: a length cannot be negative");
  CHECK(error_of("warmup@ | cosine") == "8: expected a number");
  CHECK(error_of("warmup@5% | ") == "12: expected a schedule");
  CHECK(error_of("warmup | cosine") ==
        "9: a second stage without '@length'; only one can take what is left");
  CHECK(error_of("linear@60% | cosine@50%") == "13: the stages add up to 110 % here");
  CHECK(error_of("cosine cosine") == "7: expected '|', '+', '*', '@' or the end");
  CHECK(error_of("(cosine") == "7: expected ')'");
  CHECK(error_of("cosine - 0.1") ==
        "7: expected '|', '+', '*', '@' or the end; a formula subtracts and divides: expr:'1 - t / "
        "2'");
  CHECK(error_of("cosine)") == "6: expected '|', '+', '*', '@' or the end");
  CHECK(error_of("-2 * cosine") == "0: a factor cannot be negative");
  CHECK(error_of("repeat(0, cosine)") == "7: expected a whole number of cycles, from 1 to 1000000");
  CHECK(error_of("repeat(1.5, cosine)") ==
        "7: expected a whole number of cycles, from 1 to 1000000");
  CHECK(error_of("repeat(3 cosine)") == "9: expected ','");
  CHECK(error_of("repeat 3") == "7: expected '('");
  CHECK(error_of("quux").starts_with(
      "0: no schedule is called 'quux'; known: repeat, cycles, clamp, "));
}

TEST_CASE("the canonical text has no needless parentheses, spaces or defaults") {
  const auto canonical = [](const char* text) { return parse(text).text(); };
  CHECK(canonical(" warmup@5%|cosine : floor = 0 ") == "warmup@5% | cosine");
  CHECK(canonical("((warmup))@5% | (cosine:floor=0.10)") == "warmup@5% | cosine:floor=0.1");
  CHECK(canonical("(cosine * linear)@50% | constant") == "cosine * linear@50% | constant");
  CHECK(canonical("(warmup@5 | cosine) * linear") == "(warmup@5 | cosine) * linear");
  CHECK(canonical("(cosine * linear) * step") == "cosine * linear * step");
  CHECK(canonical("cosine * (linear * step)") == "cosine * (linear * step)");
  CHECK(canonical("2.0*cosine") == "2 * cosine");
  CHECK(canonical("repeat( 3 ,warmup@5%|cosine)") == "repeat(3, warmup@5% | cosine)");
  CHECK(canonical("multistep:at=[ 30ep, 60ep ],gamma=0.5") == "multistep:gamma=0.5,at=[30ep,60ep]");
  CHECK(canonical("plateau:maximize=true") == "plateau:maximize=true");
  CHECK(canonical("0.5") == "0.5");
  CHECK(canonical("wsd:curve=cosine,decay=10%") == "wsd:decay=10%,curve=cosine");
  CHECK(canonical("piecewise:at=[],values=[0.5]") == "piecewise:at=[],values=[0.5]");
  CHECK(canonical("expr:'t * t'") == "expr:'t * t'");
  CHECK(canonical("expr:formula='t * t'") == "expr:'t * t'");
  CHECK(canonical("(0.1 + 0.9*cosine)*linear + 1") == "(0.1 + 0.9 * cosine) * linear + 1");
  CHECK(canonical("0.1 + (0.9 + cosine)@5% | linear") == "(0.1 + (0.9 + cosine))@5% | linear");
  CHECK(canonical("max(step:every=5,gamma=0.2, min(cosine,linear))") ==
        "max(step:gamma=0.2,every=5, min(cosine, linear))");
  CHECK(canonical("cycles(10, decay=0.5, growth=2, floor=0, limit=3, warmup@2|cosine)") ==
        "cycles(10, growth=2, decay=0.5, limit=3, warmup@2 | cosine)");
  CHECK(canonical("clamp(0.1,1,offset(5%,stretch(2,reverse(cosine))))") ==
        "clamp(0.1, 1, offset(5%, stretch(2, reverse(cosine))))");
  CHECK(canonical("over(90, endless(cumulative(0.9)))") == "over(90, endless(cumulative(0.9)))");
}

TEST_CASE("a stage of length 0 is left out, as by a program whose warmup is 0 steps long") {
  CHECK(parse("warmup@0 | cosine").text() == "cosine");
  CHECK(parse("constant@0ep | linear@50% | cosine@0% | constant").text() ==
        "linear@50% | constant");
  CHECK(parse("(warmup@0 | cosine)@10% | constant").text() == "cosine@10% | constant");
}

TEST_CASE("parse(text) is the schedule again, to the last bit, for thousands of expressions") {
  RandomSchedule random(5);
  const std::vector<Observation> log{{5, 1.0}, {10, 1.0}, {15, 1.0}, {20, 0.5}, {25, 0.7}};
  for (int i = 0; i < 5000; ++i) {
    const Schedule s = random.expression(4);
    CAPTURE(s.text());
    const Schedule read = parse(s.text());
    CHECK(read.text() == s.text());
    for (Step step = 0; step < 45; step += 4) {
      const Clock now = Clock::at(step, 41, 5, log);
      CHECK(s(now) == read(now));
    }
  }
}

TEST_CASE("no text crashes the parser: every prefix, and a letter changed at every place") {
  const std::string text = "repeat(3, warmup@5% | 2 * multistep:at=[30%,6ep],gamma=0.1 | step@10)";
  for (std::size_t i = 0; i < text.size(); ++i)
    for (const char c : std::string("|@*():=,[%]9.-ex \t\xff\0", 20)) {
      std::string changed = text;
      changed[i] = c;
      for (const std::string& candidate : {changed, text.substr(0, i) + c}) try {
          const Schedule s = parse(candidate);
          CHECK(parse(s.text()).text() == s.text());
        } catch (const std::invalid_argument& error) {
          CHECK(std::string(error.what()).starts_with("bad schedule: "));
        }
    }
}
