#include "sched/clock.h"

#include <doctest/doctest.h>

#include "sched/parse.h"

using namespace anneal::sched;

TEST_CASE("a run says the length of its epochs once") {
  const Schedule step = parse("step:every=2ep,gamma=0.5");
  const Run run{.total = 40, .steps_per_epoch = 5};
  for (const Step at : {0, 9, 10, 39}) CHECK(step(run.at(at)) == step(Clock::at(at, 40, 5)));
  CHECK(step(run.at(9)) == 1.0);
  CHECK(step(run.at(10)) == 0.5);
  const std::vector<Observation> log{{5, 1.0}, {10, 0.5}};
  CHECK(run.at(7, log).history.size() == 1);
}

TEST_CASE("without the length of an epoch, what counts epochs throws, and nothing else does") {
  const char* const message =
      "how many updates an epoch has is not known: Clock::at(step, total, steps_per_epoch), or Run";
  for (const char* text : {"step:every=5ep", "warmup@1ep | cosine", "per_epoch(cosine)",
                           "restarts:first=2ep", "expr:'0.5 ** (step / steps_per_epoch)'",
                           "offset(1ep, linear)", "0.5 * (constant@2ep | cosine)",
                           "plateau@3ep | linear", "stretch(2, warmup@1ep | cosine)"}) {
    CAPTURE(text);
    const Schedule s = parse(text);
    CHECK_THROWS_WITH_AS(s(Clock::at(3, 100)), message, std::invalid_argument);
    CHECK(s(Clock::at(3, 100, 10)) >= 0.0);
  }
  for (const char* text :
       {"warmup@5% | cosine", "step:every=5", "expr:'1 - t'", "restarts:first=20"})
    CHECK(parse(text)(Clock::at(3, 100)) == parse(text)(Clock::at(3, 100, 10)));
}
