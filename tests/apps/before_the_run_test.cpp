// What is known of a run before its first update: what its schedules make of each value, and notes.
#include <doctest/doctest.h>

#include "apps/schedule_values.h"
#include "apps/stages.h"
#include "sched/parse.h"
#include "tests/apps/small_run.h"

using namespace anneal;
using namespace anneal::apps;
using namespace anneal::apps::small_run;

TEST_CASE("a schedule that leaves a run without a rate is noted, with what to write instead") {
  const auto note = [](const std::string& text, std::int64_t total = 430) {
    return note_on_rate(sched::parse(text), text, total, 430);
  };
  CHECK(note("torch.StepLR(step_size=30)") ==
        "the rate of 'torch.StepLR(step_size=30)' is below a millionth of its peak for 51 % of the "
        "updates: nothing is learned there. If it counts epochs, write "
        "per_epoch(torch.StepLR(step_size=30))");
  CHECK(note("torch.StepLR(step_size=100)").empty());
  for (const char* fine : {"cosine", "linear", "rex", "warmup@5% | wsd", "step", "plateau", "1e-9"})
    CHECK(note(fine).empty());
  CHECK(note("1@90% | 0").empty());  // a tenth, and not more
  CHECK(note("1@89% | 0").find("for 11 % of the updates") != std::string::npos);
  CHECK(note("1@89% | 0", 1'000'000).find("for 11 % of the updates") != std::string::npos);
  CHECK(note("0") == "the rate of '0' is 0: nothing is learned");
  TrainingOptions options = quick();
  options.lr_groups = {"bias: 1e-3@10% | 0"};
  CHECK(notes_on(plan(options, data()), options.schedule).size() == 1);
}

TEST_CASE("a schedule of epochs that is given updates is noted") {
  const auto note = [](const std::string& text) {
    return note_on_epochs(sched::parse(text), text, 480, 16);  // 30 epochs
  };
  CHECK(note("torch.CosineAnnealingLR(T_max=30)") ==
        "'torch.CosineAnnealingLR(T_max=30)' goes through all its rates in the first 30 of 480 "
        "updates. If it counts epochs, write per_epoch(torch.CosineAnnealingLR(T_max=30))");
  for (const char* pasted : {"torch.MultiStepLR(milestones=[10, 20])", "timm.CosineLRScheduler(30)",
                             "torch.CosineAnnealingWarmRestarts(T_0=10)"})
    CHECK_FALSE(note(pasted).empty());
  for (const char* fine : {"torch.CosineAnnealingLR(T_max=480)", "torch.StepLR(step_size=200)",
                           "torch.ConstantLR(1.0)", "per_epoch(torch.CosineAnnealingLR(T_max=30))",
                           "warmup@10 | constant"})
    CHECK(note(fine).empty());
}

TEST_CASE("what a schedule makes of a value is known to be possible before the first update") {
  TrainingOptions options = quick();
  options.network.dropout = 0.6;
  options.follow.dropout = "constant@99% | 2";
  const std::string run = " of " + std::to_string(plan(quick(), data()).total_steps);
  CHECK(error_of(options).find("--dropout-schedule is 1.2 at update ") == 0);
  CHECK(error_of(options).ends_with(run + "; wanted a number in [0, 1)"));
  options.follow.dropout = {};
  options.follow.beta1 = "2";
  CHECK(error_of(options) ==
        "--beta1-schedule is 1.8 at update 0" + run + "; wanted a number in [0, 1)");
  options.follow.beta1 = {};
  options.lr_groups = {"bias: 1e300 * cosine"};
  CHECK(error_of(options).find("the learning rate of 'bias' is 5e+297 at update 0") == 0);
  options.lr_groups = {};
  options.schedule = "expr:'0.5 - t'";
  CHECK(error_of(options).find("a factor is finite and >= 0") != std::string::npos);
  options = quick();
  options.optimizer.name = "sgd";
  options.optimizer.nesterov = true;
  options.follow.momentum = "linear";
  CHECK(error_of(options) == "none");
  options.follow.momentum = "1@1 | 0";
  CHECK(error_of(options) ==
        "--momentum-schedule is 0 at update 1" + run + "; wanted a number in (0, 1)");
}
