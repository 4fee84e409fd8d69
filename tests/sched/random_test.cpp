// Properties of whatever can be written, over random texts.
#include <doctest/doctest.h>

#include <cstdlib>

#include "naive.h"
#include "random_text.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// The factor, or NaN where the schedule refuses to be evaluated: it never is one.
double factor(const Schedule& s, const Clock& now) {
  try {
    return s(now);
  } catch (const std::invalid_argument& error) {
    CHECK(!std::string(error.what()).empty());
    return std::nan("");
  }
}

}  // namespace

TEST_CASE("every text is refused with a message, or evaluated the same with and without a memory") {
  const std::vector<Observation> log{{5, 1.0}, {10, 1.0}, {15, std::nan("")}, {20, 0.5}, {25, 0.7}};
  // More of them, and others, by hand: ANNEAL_RANDOM_TEXTS=50000 ANNEAL_RANDOM_SEED=2 sched_test
  const char* many = std::getenv("ANNEAL_RANDOM_TEXTS");
  const char* seed = std::getenv("ANNEAL_RANDOM_SEED");
  const int n = many == nullptr ? 5'000 : std::atoi(many);
  RandomText random(seed == nullptr ? 8 : static_cast<unsigned>(std::atoi(seed)));
  int accepted = 0;
  for (int i = 0; i < n; ++i) {
    const std::string text = random.expression(4);
    CAPTURE(text);
    std::optional<Schedule> read;
    try {
      read = parse(text);
    } catch (const std::invalid_argument& error) {
      CHECK(std::string(error.what()).find('^') != std::string::npos);
      continue;
    }
    ++accepted;
    const Schedule& s = *read;
    CHECK(parse(s.text()).text() == s.text());
    Memory memory;
    for (const Step step : {0, 1, 2, 3, 10, 20, 21, 40, 5, 30, 70, 0, 59}) {
      const double plain = factor(s, Clock::at(step, 60, 7, log));
      CHECK(same(factor(s, Clock::at(step, 60, 7, log, &memory)), plain));
    }
    for (const Step total : {1, 60, 100'000}) try {
        const std::vector<Stage> stages = s.stages(total, 7);
        CHECK(stages.front().begin == 0);
        CHECK(stages.back().end == total);
      } catch (const std::invalid_argument& error) {
        CHECK(!std::string(error.what()).empty());
      }
  }
  CHECK(accepted > n / 5);
}

TEST_CASE("combinators do what algebra.h says: a second evaluator has the same factors") {
  RandomSchedule random(9);
  int compared = 0;
  for (int i = 0; i < 3'000; ++i) {
    const Schedule s = random.expression(3);
    if (s.watches_losses()) continue;
    CAPTURE(s.text());
    for (const Step step : {0, 1, 7, 20, 33, 40, 41, 60}) {
      const Clock now = Clock::at(step, 41, 10);
      ++compared;
      CHECK(s(now) == close(naive::factor(s, now), 1e-9).or_within(1e-12));
    }
  }
  CHECK(compared > 10'000);
}
