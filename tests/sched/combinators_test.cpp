#include <doctest/doctest.h>

#include "random_schedule.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

std::vector<double> factors(const Schedule& s, Step total, Step steps_per_epoch = 10) {
  std::vector<double> out;
  for (Step step = 0; step < total + 3; ++step)
    out.push_back(s(Clock::at(step, total, steps_per_epoch)));
  return out;
}
std::vector<double> factors(const char* text, Step total) {
  return factors(parse(text), total);
}

std::vector<Stage> stages(const char* text, Step total, Step steps_per_epoch = 10) {
  return parse(text).stages(total, steps_per_epoch);
}

}  // namespace

TEST_CASE("a chain's stages are contiguous, and each begins at its own beginning") {
  const auto f = factors("warmup@4 | cosine", 12);
  CHECK(f[0] == 0.25);
  CHECK(f[3] == 1.0);                // the last update of the warmup
  CHECK(f[4] == 1.0);                // the first of the cosine, at its progress 0
  CHECK(f[8] == close(0.5, 1e-14));  // half of 8 updates
  CHECK(f[12] == 0.0);
  CHECK(stages("warmup@4 | cosine", 12) == std::vector<Stage>{{"warmup", 0, 4}, {"cosine", 4, 12}});
}

TEST_CASE("a percentage is of the whole chain, not of what is left") {
  CHECK(stages("warmup@5% | constant@75% | cosine", 1000) ==
        std::vector<Stage>{{"warmup", 0, 50}, {"constant", 50, 800}, {"cosine", 800, 1000}});
  CHECK(stages("(linear@50% | cosine@50%)@40% | constant", 100) ==
        std::vector<Stage>{{"linear", 0, 20}, {"cosine", 20, 40}, {"constant", 40, 100}});
}

TEST_CASE("the stage without a length may stand anywhere and takes what the others leave") {
  CHECK(stages("warmup@10 | constant | cosine@20%", 100) ==
        std::vector<Stage>{{"warmup", 0, 10}, {"constant", 10, 80}, {"cosine", 80, 100}});
  CHECK(stages("constant | cosine@2ep", 100) ==
        std::vector<Stage>{{"constant", 0, 80}, {"cosine", 80, 100}});
}

TEST_CASE("lengths in epochs follow the length of an epoch, also in parts of one") {
  CHECK(stages("warmup@2ep | cosine", 2345, 469)[0] == Stage{"warmup", 0, 938});
  CHECK(stages("warmup@0.5ep | cosine", 2345, 469)[0] == Stage{"warmup", 0, 235});
}

TEST_CASE(
    "boundaries come from sums: thirds of any run neither lose an update nor count one twice") {
  for (Step total = 3; total < 200; ++total) {
    const auto s =
        stages("constant@33.333333333333336% | linear@33.333333333333336% | cosine", total);
    CHECK(s[0].begin == 0);
    CHECK(s[0].end == s[1].begin);
    CHECK(s[1].end == s[2].begin);
    CHECK(s[2].end == total);
    CHECK(std::abs(3 * s[0].end - total) <= 1);  // the nearest whole update
    CHECK(std::abs(3 * s[1].end - 2 * total) <= 1);
  }
}

TEST_CASE("a chain that is over before the run holds its last value, and says so") {
  CHECK(stages("warmup@10 | cosine:floor=0.5@30", 100) ==
        std::vector<Stage>{{"warmup", 0, 10}, {"cosine:floor=0.5", 10, 40}, {"hold", 40, 100}});
  const auto f = factors("warmup@10 | cosine:floor=0.5@30", 100);
  CHECK(f[39] > 0.5);
  CHECK(f[40] == 0.5);
  CHECK(f[99] == 0.5);
}

TEST_CASE("lengths that do not fit a run are refused by name") {
  CHECK_THROWS_WITH(
      stages("warmup@50 | cosine", 40),
      "'warmup@50 | cosine' does not fit into 40 updates: stage 'warmup@50' would end "
      "at update 50");
  CHECK_THROWS_WITH(stages("warmup@40 | cosine", 40),
                    "'warmup@40 | cosine' does not fit into 40 updates: stage 'cosine' is left "
                    "without an update");
  CHECK_THROWS_WITH(stages("warmup@1% | cosine", 40),
                    "'warmup@1% | cosine' does not fit into 40 updates: stage 'warmup@1%' is left "
                    "without an update");
  CHECK_THROWS_WITH(
      stages("constant | cosine@5ep", 40),
      "'constant | cosine@5ep' does not fit into 40 updates: stage 'constant' is left "
      "without an update");
  CHECK_THROWS_WITH(stages("repeat(50, cosine)", 40),
                    "'repeat(50, cosine)' does not fit into 40 updates");
  CHECK_THROWS_WITH(stages("cosine", 0),
                    "a run of 0 updates in epochs of 10; wanted at least one of each");
  const auto cut = factors("linear@50 | cosine", 40);  // evaluated all the same, it is cut off
  CHECK(cut[39] == close(1 - 39.0 / 50, 1e-14));
}

TEST_CASE("chains that make no sense cannot be built") {
  const Schedule s = parse("cosine");
  CHECK_THROWS_WITH(chain({}), "a chain needs at least one stage");
  CHECK_THROWS_WITH(
      chain({{s}, {s}}),
      "two stages of a chain have no length; only one can take what the others leave");
  CHECK_THROWS_WITH(chain({{s, updates(-1)}, {s}}),
                    "stage 'cosine' has length -1; wanted 0 or more");
  CHECK_THROWS_WITH(chain({{s, percent(60)}, {s, percent(50)}}),
                    "the stages of a chain add up to 110 %");
  CHECK_THROWS_WITH(repeat(0, s), "repeat: times must be at least 1, got 0");
  CHECK_THROWS_WITH(-1.0 * s, "a factor is finite and >= 0, got -1");
}

TEST_CASE("repeat tiles the run with cycles that differ by at most one update") {
  const auto f = factors("repeat(3, cosine)", 10);  // cycles of 3, 3 and 4
  for (const std::size_t begin : {0u, 3u, 6u}) CHECK(f[begin] == 1.0);
  CHECK(f[2] == close(0.25, 1e-14));  // the last update of a cycle: two thirds
  CHECK(f[10] == 0.0);                // over: the last cycle's end, not a fourth cycle
  CHECK(f[11] == 0.0);
  for (Step total = 7; total < 100; ++total) {
    const auto s = stages("repeat(7, cosine)", total);
    CHECK(s.front().begin == 0);
    CHECK(s.back().end == total);
    for (std::size_t i = 0; i < 7; ++i) {
      if (i > 0) CHECK(s[i].begin == s[i - 1].end);
      const Step length = s[i].end - s[i].begin;
      CHECK((length == total / 7 || length == total / 7 + 1));
      for (const Step step : {s[i].begin, s[i].end - 1}) {  // evaluation agrees on whose turn it is
        const double progress =
            static_cast<double>(step - s[i].begin) / static_cast<double>(length);
        CHECK(parse("repeat(7, linear)")(Clock::at(step, total)) == close(1 - progress, 1e-14));
      }
    }
  }
}

TEST_CASE("products and scales multiply, and their stages are named together") {
  const auto a = factors("cosine", 20);
  const auto b = factors("linear", 20);
  const auto product = factors("cosine * linear", 20);
  const auto scaled = factors("0.5 * cosine", 20);
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(product[i] == a[i] * b[i]);
    CHECK(scaled[i] == 0.5 * a[i]);
  }
  CHECK(stages("(warmup@5 | constant) * (cosine@12 | 2 * constant)", 20) ==
        std::vector<Stage>{{"warmup * cosine", 0, 5},
                           {"constant * cosine", 5, 12},
                           {"constant * 2 * constant", 12, 20}});
}

TEST_CASE("plateau sees only what was observed during its own stage") {
  const std::vector<Observation> log{{10, 1.0}, {20, 0.9}, {30, 0.95}, {40, 0.95}, {50, 0.95}};
  const Schedule s = parse("plateau:factor=0.5,patience=2");
  CHECK(s(Clock::at(49, 100, 10, log)) == 1.0);
  CHECK(s(Clock::at(50, 100, 10, log)) == 0.5);
  const Schedule late = parse("warmup@25 | plateau:factor=0.5,patience=2");
  CHECK(late(Clock::at(50, 100, 10, log)) == 1.0);  // two of the losses belong to the warmup
  const Schedule at_boundary = parse("warmup@20 | plateau:factor=0.5,patience=1");
  CHECK(at_boundary(Clock::at(50, 100, 10, log)) == 0.5);  // the loss at 20 is the warmup's
}

TEST_CASE("an expression watches the losses if any part of it does") {
  for (const char* text :
       {"plateau", "warmup@5 | plateau", "repeat(2, plateau)", "2 * plateau", "plateau@5 | cosine"})
    CHECK(parse(text).watches_losses());
  for (const char* text : {"cosine", "warmup@5 | cosine", "repeat(2, cosine)", "2 * cosine"})
    CHECK(!parse(text).watches_losses());
}

TEST_CASE("sums, maxima, minima and clamps are taken at each update") {
  CHECK(factors("0.1 + 0.9 * linear", 10)[5] == close(0.55, 1e-14));
  CHECK(factors("max(linear, 0.3)", 10)[9] == 0.3);
  CHECK(factors("min(linear, 0.3)", 10)[0] == 0.3);
  CHECK(factors("clamp(0.2, 0.8, linear)", 10)[0] == 0.8);
  CHECK(factors("clamp(0.2, 0.8, linear)", 10)[9] == 0.2);
  CHECK(stages("max(warmup@4 | linear, 0.1)", 10) ==
        std::vector<Stage>{{"max(warmup, 0.1)", 0, 4}, {"max(linear, 0.1)", 4, 10}});
  CHECK_THROWS_WITH(clamp(0.5, 0.1, parse("cosine")),
                    "clamp: wanted 0 <= floor <= ceiling, got 0.5 and 0.1");
}

TEST_CASE("reverse, stretch, offset and over move a schedule in time") {
  const auto linear = factors("linear", 10);
  const auto reversed = factors("reverse(linear)", 10);
  CHECK(reversed[0] == 0.0);  // where linear ends
  CHECK(reversed[3] == linear[7]);
  CHECK(reversed[10] == 1.0);
  // A step of 5 updates becomes one of 10; the same curve over a stage of its own is not changed.
  CHECK(factors("stretch(2, step:every=5)", 40)[9] == 1.0);
  CHECK(factors("stretch(2, step:every=5)", 40)[10] == 0.1);
  CHECK(factors("stretch(3, linear)", 10)[5] == close(linear[5], 1e-14));
  // As though it had begun 5 updates earlier, so the run of 10 sees the last two thirds of 15.
  CHECK(factors("offset(5, linear)", 10)[0] == close(10.0 / 15.0, 1e-14));
  CHECK(factors("offset(5, linear)", 10)[10] == 0.0);
  CHECK(factors("offset(5, step:every=5)", 10)[0] == 0.1);
  // Planned for 20 updates: cut off at 10, held after 20.
  CHECK(factors("over(20, linear)", 10)[9] == close(1 - 9.0 / 20, 1e-14));
  CHECK(factors("over(20, linear:to=0.5)", 30)[25] == 0.5);
  CHECK(stages("over(20, warmup@5 | linear)", 30) ==
        std::vector<Stage>{{"warmup", 0, 5}, {"linear", 5, 20}, {"hold", 20, 30}});
  const auto cut = stages("over(20, warmup@5 | linear)", 8);
  CHECK(cut == std::vector<Stage>{{"warmup", 0, 5, 0.4}, {"linear", 5, 8, 0.4}});
  CHECK(stages("endless(0.5@5 | wave:half=10)", 30) ==
        std::vector<Stage>{{"0.5", 0, 5}, {"wave:half=10", 5, 30}});
  for (const char* text :
       {"reverse(plateau)", "stretch(2, plateau)", "offset(5, plateau)", "cumulative(plateau)"})
    CHECK_THROWS_AS(parse(text), std::invalid_argument);
}

TEST_CASE("cycles grow and fall; the last update of each and the first of the next") {
  const auto f = factors("cycles(10, growth=2, decay=0.5, linear)", 70);  // 10, 20, 40
  CHECK(f[0] == 1.0);
  CHECK(f[9] == close(0.1, 1e-14));
  CHECK(f[10] == 0.5);
  CHECK(f[29] == close(0.5 / 20, 1e-14));
  CHECK(f[30] == 0.25);
  CHECK(f[69] == close(0.25 / 40, 1e-14));
  CHECK(f[70] == 0.0);  // over: the end of the third, not a fourth
  CHECK(f[72] == 0.0);
  const auto limited = factors("cycles(10, limit=2, floor=0.2, linear)", 40);
  CHECK(limited[19] == close(0.2 + 0.8 * 0.1, 1e-14));
  CHECK(limited[20] == 0.2);
  CHECK(limited[39] == 0.2);
  // A length that is not whole: cycles begin at 0, 2.5, 6.25, 11.875.
  const auto odd = factors("cycles(2.5, growth=1.5, linear)", 12);
  CHECK(odd[2] == close(1 - 2 / 2.5, 1e-14));
  CHECK(odd[3] == close(1 - 0.5 / 3.75, 1e-14));
  CHECK(odd[7] == close(1 - 0.75 / 5.625, 1e-14));
  // PyTorch's own search by logarithm misses the restart at 121 (1 + 3 + 9 + 27 + 81).
  CHECK(factors("cycles(1, growth=3, linear)", 364)[121] == 1.0);
  CHECK_THROWS_WITH(cycles({.growth = 0.0}, parse("cosine")),
                    "cycles: growth must be above 0, got 0");
  CHECK_THROWS_WITH(cycles({.first = updates(0)}, parse("cosine")),
                    "cycles: the first length must be above 0, got 0");
}

TEST_CASE("the floor of cycles is the lowest of all factors, and no cycle climbs to it") {
  for (const std::string text :
       {"restarts:first=5,decay=0.5,floor=0.3", "cycles(5, decay=0.5, floor=0.3, linear)",
        "cycles(5, growth=1.5, decay=0.5, floor=0.3, one_minus_sqrt)"}) {
    CAPTURE(text);
    const auto f = factors(parse(text), 25);
    CHECK(f[0] == 1.0);
    CHECK(f[5] == 0.5);
    for (std::size_t i = 0; i < 25; ++i) {
      CHECK(f[i] >= 0.3);
      if (i > 12) CHECK(f[i] == 0.3);  // from the third cycle on, the peak is the floor
      if (i > 0 && i != 5) CHECK(f[i] <= f[i - 1]);  // it rises where a cycle begins alone
    }
  }
  // timm's own numbers: cycle 2 begins at 0.25 and climbs to 0.3.
  const auto f = factors("cycles(5, decay=0.5, floor=0.3, below_floor=true, linear)", 15);
  CHECK(f[10] == close(0.25, 1e-14));
  CHECK(f[14] == close(0.3 - 0.05 * 0.2, 1e-14));
}

TEST_CASE("cycles that get shorter end, and the floor is held") {
  const auto f =
      factors("cycles(8, growth=0.5, floor=0.1, linear)", 20);  // 8 + 4 + 2 + 1 + ... = 16
  CHECK(f[0] == 1.0);
  CHECK(f[7] == close(0.1 + 0.9 / 8, 1e-14));
  CHECK(f[8] == 1.0);
  CHECK(f[12] == 1.0);
  CHECK(f[13] == close(0.55, 1e-14));
  CHECK(f[14] == 1.0);
  CHECK(f[15] == 1.0);
  CHECK(f[16] == 0.1);
  CHECK(f[19] == 0.1);
}

TEST_CASE("cycles are found in closed form: however many there are, and at every boundary") {
  // Of growth 1.1 from 100: 100, 110, 121, 133.1, ...; sums of rounded lengths would miss 210.
  const auto f = factors("cycles(100, growth=1.1, linear)", 400);
  for (const std::size_t begin : {0U, 100U, 210U, 331U}) {
    CHECK(f[begin] == 1.0);
    if (begin > 0) CHECK(f[begin - 1] < 0.02);
  }
  const Clock late{.step = 1e15 - 1, .total = 1e15};
  for (const char* text : {"cycles(1e-9%, cosine)", "cycles(1, growth=1.0000001, cosine)",
                           "offset(1e15, cycles(1, growth=1.000001, decay=0.999, cosine))"})
    CHECK(parse(text)(late) <= 1.0);
}

TEST_CASE("per_epoch counts epochs, from the beginning of its stage, and holds throughout each") {
  const auto f = factors("per_epoch(step:every=2)", 60);  // 10 updates an epoch
  for (std::size_t i = 0; i < 60; ++i)
    CHECK(f[i] == close(std::pow(0.1, std::floor(static_cast<double>(i / 10) / 2.0)), 1e-14));
  const auto late = factors("warmup@5 | per_epoch(linear)", 45);  // 4 epochs of its own
  for (std::size_t i = 5; i < 45; ++i)
    CHECK(late[i] == close(1.0 - static_cast<double>((i - 5) / 10) / 4.0, 1e-14));
  CHECK(late[45] == 0.0);
  // An epoch that the run cuts off is one all the same.
  CHECK(factors("per_epoch(linear)", 25)[20] == close(1.0 / 3.0, 1e-14));
  CHECK(factors("per_epoch(torch.StepLR(step_size=3))", 60)[29] == 1.0);
  CHECK(factors("per_epoch(torch.StepLR(step_size=3))", 60)[30] == close(0.1, 1e-14));
  CHECK(factors("per_epoch(warmup@2ep | constant)", 60) ==
        factors("per_epoch(warmup@2 | constant)", 60));
  CHECK(stages("per_epoch(warmup@2 | linear)", 60) ==
        std::vector<Stage>{{"per_epoch(warmup)", 0, 20}, {"per_epoch(linear)", 20, 60}});
  // With one update an epoch it changes nothing.
  CHECK(factors(parse("per_epoch(warmup@2 | cosine)"), 60, 1) ==
        factors(parse("warmup@2 | cosine"), 60, 1));
  CHECK_THROWS_WITH(per_epoch(parse("plateau")),
                    "per_epoch: 'plateau' follows the losses: it counts evaluations, not epochs");
}

TEST_CASE("a product of products, begun in the middle, without a memory and with one") {
  // cumulative(0.9) is 0.9^n; the product of those from 1 to n is 0.9^(n (n + 1) / 2).
  const Schedule s = parse("offset(5, cumulative(cumulative(0.9)))");
  Memory memory;
  for (Step step = 0; step < 3; ++step) {
    const auto n = static_cast<double>(step + 5);
    const double expected = std::pow(0.9, n * (n + 1) / 2);
    CHECK(s(Clock::at(step, 3)) == close(expected, 1e-13));
    CHECK(s(Clock::at(step, 3, 1, {}, &memory)) == close(expected, 1e-13));
  }
  CHECK(s(Clock::at(0, 3)) == close(0.2059, 1e-3));
  CHECK(s(Clock::at(1, 3)) == close(0.1094, 1e-3));
  CHECK(s(Clock::at(2, 3)) == close(0.0523, 1e-3));
}

TEST_CASE("one schedule at several places of an expression has a memory at each") {
  const Schedule c = cumulative(parse("expr:'0.9 + 0.1 * t'"));
  const std::vector<Schedule> all{
      c + stretch(2.0, c),
      c * offset(updates(5), c),
      max(over(updates(20), c), over(updates(70), c)) + endless(c),
      chain({{c, updates(11)}, {repeat(4, c), percent(40)}, {cycles({.first = updates(3)}, c)}}),
      cumulative(max(c, stretch(3.0, c))),
      per_epoch(c) + c,
  };
  for (const Schedule& s : all) {
    CAPTURE(s.text());
    Memory memory;
    for (const Step step : {0, 1, 2, 3, 10, 20, 21, 40, 59, 60, 5, 30, 70, 0, 59})
      CHECK(s(Clock::at(step, 60, 7, {}, &memory)) == s(Clock::at(step, 60, 7)));
  }
}

TEST_CASE("a cumulative product counts from the second update") {
  const auto f = factors("cumulative(expr:'0.5 if step % 3 == 0 else 1')", 10);
  CHECK(f[0] == 1.0);
  CHECK(f[2] == 1.0);
  CHECK(f[3] == 0.5);
  CHECK(f[9] == 0.125);
}

TEST_CASE("the laws of the algebra hold to the last bit, for thousands of expressions") {
  RandomSchedule random(3);
  const Schedule one = parse("constant");
  for (int i = 0; i < 2000; ++i) {
    const Schedule a = random.expression(2);
    CAPTURE(a.text());
    CHECK(factors(a * one, 41) == factors(a, 41));
    CHECK(factors(one * a, 41) == factors(a, 41));
    CHECK(factors(1.0 * a, 41) == factors(a, 41));
    CHECK(factors(repeat(1, a), 41) == factors(a, 41));
    CHECK(factors(chain({{a}}), 41) == factors(a, 41));
    CHECK(factors(chain({{a, percent(100)}}), 41) == factors(a, 41));
    const Schedule b = random.expression(1);
    CHECK(factors(a * b, 41) == factors(b * a, 41));
    CHECK(factors(a + b, 41) == factors(b + a, 41));
    CHECK(factors(a + number(0), 41) == factors(a, 41));
    CHECK(factors(max(a, b), 41) == factors(max(b, a), 41));
    CHECK(factors(min(a, b), 41) == factors(min(b, a), 41));
    CHECK(factors(max(a, a), 41) == factors(a, 41));
    CHECK(factors(max(a, min(a, b)), 41) == factors(a, 41));
    CHECK(factors(clamp(0.0, 1e300, a), 41) == factors(a, 41));
    CHECK(factors(over(updates(41), a), 41) == factors(a, 41));
    if (!a.watches_losses()) {
      if (a.extent().pace == 0.0) CHECK(factors(reverse(reverse(a)), 41) == factors(a, 41));
      CHECK(factors(stretch(1.0, a), 41) == factors(a, 41));
      CHECK(factors(offset(updates(0), a), 41) == factors(a, 41));
    }
    // Nested and flat chains are the same when lengths are in updates.
    const Schedule c = random.leaf();
    const Schedule flat = chain({{a, updates(11)}, {b, updates(7)}, {c}});
    const Schedule left = chain({{chain({{a, updates(11)}, {b}}), updates(18)}, {c}});
    const Schedule right = chain({{a, updates(11)}, {chain({{b, updates(7)}, {c}})}});
    CHECK(factors(flat, 41) == factors(left, 41));
    CHECK(factors(flat, 41) == factors(right, 41));
  }
}

TEST_CASE("the resolved stages of any expression cover the run without gaps") {
  RandomSchedule random(4);
  int fitting = 0;
  for (int i = 0; i < 2000; ++i) {
    const Schedule s = random.expression(3);
    CAPTURE(s.text());
    std::vector<Stage> all;
    try {
      all = s.stages(1000, 50);
    } catch (const std::invalid_argument& error) {
      CHECK(std::string(error.what()).find("does not fit into") != std::string::npos);
      continue;
    }
    ++fitting;
    CHECK(all.front().begin == 0);
    CHECK(all.back().end == 1000);
    for (std::size_t k = 1; k < all.size(); ++k) CHECK(all[k].begin == all[k - 1].end);
    for (const Stage& stage : all) CHECK(stage.begin < stage.end);
  }
  CHECK(fitting > 500);
}
