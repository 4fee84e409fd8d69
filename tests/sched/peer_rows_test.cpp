// What strangers pasted from their own code, and what the systems themselves make of it.
#include <doctest/doctest.h>
#include <numbers>

#include <cmath>

#include "sched/parse.h"
#include "sched/peers/peers.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

/// The factors of the first updates; each evaluation is after an update, from the first on.
std::vector<double> rates(const std::string& call, std::size_t updates, double base = 1.0,
                          const std::vector<double>& losses = {}) {
  const auto translation = peers::translate(call, base);
  REQUIRE(translation);
  std::vector<Observation> log;
  for (const double loss : losses) log.push_back({static_cast<Step>(log.size()) + 1, loss});
  std::vector<double> out;
  for (std::size_t i = 0; i < updates; ++i)
    out.push_back(translation->lr(Clock::at(static_cast<Step>(i), 1000, 1, log)));
  return out;
}

void check(const std::vector<double>& got, const std::vector<double>& wanted) {
  REQUIRE(got.size() == wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CAPTURE(i);
    CHECK(got[i] == close(wanted[i], 1e-12).or_within(1e-15));
  }
}

std::string error_of(const std::string& text, double base = 1.0) {
  try {
    parse(text, base);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE(
    "Keras and timm: cycles that get shorter, by their formula floor(log(1 - t (1 - m)) / log m)") {
  const auto shorter = [](double first, double t, double mul) {
    const double index =
        std::floor(std::log(1.0 - t / first * (1.0 - mul)) / std::log(mul) + 1e-12);
    const double begin = first * (1.0 - std::pow(mul, index)) / (1.0 - mul);
    return 0.5 * (1.0 + std::cos(std::numbers::pi * (t - begin) / (first * std::pow(mul, index))));
  };
  std::vector<double> wanted;
  for (int t = 0; t < 60; ++t) wanted.push_back(shorter(40.0, t, 0.5));
  check(rates("timm.CosineLRScheduler(t_initial=40, cycle_mul=0.5, cycle_limit=9)", 60), wanted);
  check(rates("keras.CosineDecayRestarts(1.0, 40, t_mul=0.5)", 60), wanted);
  wanted.clear();
  for (int t = 0; t < 30; ++t) wanted.push_back(shorter(8.0, t, 0.75));  // down to 0.8 updates
  check(rates("timm.CosineLRScheduler(t_initial=8, cycle_mul=0.75, cycle_limit=20)", 30), wanted);
}

TEST_CASE("Transformers: the optimizer's place, names of the enumeration, and last_epoch") {
  check(rates("transformers.get_scheduler(\"linear\", optimizer, 10, 100)", 3), {0.0, 0.1, 0.2});
  for (const char* same :
       {"transformers.get_scheduler('linear', 10, 100)",
        "transformers.get_scheduler(name='linear', optimizer=opt, num_warmup_steps=10, "
        "num_training_steps=100)",
        "transformers.get_scheduler(SchedulerType.LINEAR, optimizer=None, num_warmup_steps=10, "
        "num_training_steps=100)",
        "transformers.get_scheduler(transformers.SchedulerType.LINEAR, self.optimizer, 10, 100)",
        "transformers.get_linear_schedule_with_warmup(optimizer, 10, 100)"}) {
    CAPTURE(same);
    CHECK(parse(same).text() == parse("transformers.linear(10, 100)").text());
  }
  check(rates("transformers.get_linear_schedule_with_warmup(optimizer, 2, 10, last_epoch=4)", 3),
        {0.625, 0.5, 0.375});
  check(rates("transformers.get_linear_schedule_with_warmup(optimizer, 2, 10, 4)", 1), {0.625});
  check(rates("transformers.get_constant_schedule_with_warmup(4, last_epoch=1)", 3),
        {0.5, 0.75, 1.0});
  check(rates("transformers.get_cosine_with_min_lr_schedule_with_warmup(o, 2, 4, min_lr=0.25)", 5,
              0.5),
        {0.0, 0.5, 1.0, 0.75, 0.5});
  check(rates("transformers.get_cosine_with_min_lr_schedule_with_warmup_lr_rate(o, 3, 5, "
              "min_lr_rate=0.5, warmup_lr_rate=0.5)",
              5),
        {0.5, 0.75, 1.0, 0.75, 0.5});
  CHECK(parse("transformers.get_greedy_schedule(optimizer, patience=3)").text() ==
        parse("transformers.get_scheduler('greedy', optimizer, "
              "scheduler_specific_kwargs={'patience': 3})")
            .text());
  CHECK(error_of("transformers.get_scheduler('linaer', optimizer, 10, 100)")
            .find("did you mean 'linear'?") != std::string::npos);
  CHECK(error_of("transformers.get_scheduler('cosine', optimizer, 10)")
            .starts_with("bad schedule: num_training_steps must be given for cosine\n"));
  CHECK(error_of("transformers.get_polynomial_decay_schedule_with_warmup(10, 100, lr_end=0.1)", 0.1)
            .starts_with("bad schedule: lr_end must be below the learning rate\n"));
}

TEST_CASE("Keras 3 knows of its own metrics whether they should rise") {
  const std::vector<double> rising{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
  const std::vector<double> never(8, 1.0);
  for (const char* monitor : {"val_auc", "auc", "val_AUC", "val_auc_1", "val_accuracy", "acc",
                              "val_precision", "recall", "f1_score", "val_cosine_similarity"}) {
    CAPTURE(monitor);
    const std::string call =
        "keras.ReduceLROnPlateau(monitor='" + std::string(monitor) + "', patience=2, factor=0.5)";
    check(rates(call, 8, 1.0, rising), never);
  }
  check(
      rates("keras.ReduceLROnPlateau(monitor='val_loss', patience=2, factor=0.5)", 4, 1.0, rising),
      {1.0, 1.0, 1.0, 0.5});
  check(rates("keras.ReduceLROnPlateau(monitor='val_f1', mode='max', patience=2, factor=0.5)", 8,
              1.0, rising),
        never);
  CHECK(
      error_of("keras.ReduceLROnPlateau(monitor='val_f1')") ==
      "bad schedule: monitor 'val_f1' does not tell Keras 3 whether it should rise or fall: write "
      "mode='max' or mode='min'\n"
      "  keras.ReduceLROnPlateau(monitor='val_f1')\n"
      "                                  ^");
}

TEST_CASE("Keras' LearningRateScheduler may go on from the rate before") {
  check(rates("keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr if epoch < 2 else lr * "
              "0.5)",
              5),
        {1.0, 1.0, 0.5, 0.25, 0.125});
  check(rates("keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.5)", 3),
        {0.5, 0.25, 0.125});
  check(rates("keras.callbacks.LearningRateScheduler(lambda epoch, lr: 0.1 / (epoch + 1))", 3, 0.1),
        {1.0, 0.5, 1.0 / 3.0});
  CHECK(error_of("keras.LearningRateScheduler(lambda epoch, lr: max(lr * 0.9, 0.01))")
            .starts_with("bad schedule: schedule must be a function of the epoch, or lr times"));
}

TEST_CASE("timm: no cycle, its WSD, and what its factory does with epochs") {
  check(rates("timm.CosineLRScheduler(t_initial=10, cycle_limit=0, lr_min=0.05)", 4, 0.1),
        {1.0, 0.5, 0.5, 0.5});
  check(rates("timm.WSDLRScheduler(t_initial=6, decay_t=4, warmup_t=2, decay_fn='linear', "
              "lr_min=0.02)",
              10, 0.1),
        {0.0, 0.5, 1.0, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2, 0.2});
  check(rates("timm.WSDLRScheduler(t_initial=8, decay_t=4, warmup_t=1, stable_fn='rsqrt', "
              "stable_timescale=3, decay_fn=lambda frac: (1 - frac) ** 2)",
              9),
        {0.0, 1.0, std::sqrt(3.0 / 4), std::sqrt(3.0 / 5), std::sqrt(3.0 / 6), std::sqrt(3.0 / 7),
         std::sqrt(3.0 / 8) * 0.5625, std::sqrt(3.0 / 9) * 0.25, std::sqrt(3.0 / 10) * 0.0625});
  CHECK(parse("timm.create_scheduler_v2(optimizer, sched='cosine', num_epochs=10, warmup_epochs=2, "
              "step_on_epochs=False, updates_per_epoch=50)")
            .text() ==
        parse("timm.CosineLRScheduler(t_initial=500, warmup_t=100, warmup_lr_init=1e-5, "
              "cycle_decay=0.1, t_in_epochs=False)")
            .text());
  CHECK(error_of("timm.create_scheduler_v2(num_epochs=-3)")
            .starts_with("bad schedule: num_epochs must be above 0\n"));
  CHECK(error_of("timm.CosineLRScheduler(100, noise_range_t=[10, 20])")
            .starts_with("bad schedule: noise_range_t is not translated"));
}

TEST_CASE("functions are schedules where the system calls each with the step") {
  check(rates("mlx.join_schedules([lambda _: 3, mlx.linear_schedule(2.0, 1.0, 2)], [2])", 5),
        {3.0, 3.0, 2.0, 1.5, 1.0});
  check(rates("optax.join_schedules([lambda count: 0.5 * count, optax.constant_schedule(4)], [2])",
              3, 2.0),
        {0.0, 0.25, 2.0});
  CHECK(error_of("optax.join_schedules([0.1, optax.constant_schedule(4)], [2])")
            .starts_with("bad schedule: wanted a schedule of Optax, or a function such as"));
}

TEST_CASE("what the systems refuse is refused, in their words and with a caret") {
  const std::pair<const char*, const char*> cases[] = {
      {"burn.Exponential(0.5, 1.5)", "gamma must be a number in [0, 1]"},
      {"burn.Linear(1.5, 0.1, 10)", "initial_lr must be a number in [0, 1]"},
      {"burn.CosineAnnealing(0.1, 10, min_lr=0.2)", "min_lr must be at most initial_lr"},
      {"fairseq.tri_stage(phase_ratio=[0.1, 0.4, 0.4], max_update=100)",
       "phase_ratio must sum to 1"},
      {"fairseq.cosine(min_lr=2.0, lr_period_updates=10)", "min_lr must be below the learning"},
      {"fairseq.triangular(max_lr=0.5)", "max_lr must be more than the learning rate"},
      {"keras.PiecewiseConstantDecay([4, 2], [1.0, 0.5, 0.1])", "boundaries must be increasing"},
      {"keras.CosineDecayRestarts(0.1, 10, t_mul=0)", "t_mul must be above 0"},
      {"fastai.fit_one_cycle(0.1, 100, pct_start=1.5)", "pct_start must be a number in [0, 1]"},
      {"optax.contrib.reduce_on_plateau(rtol=0.0)", "rtol or atol must be above 0"},
      {"timm.TanhLRScheduler(100, lb=3.0, ub=-3.0)", "lb must be below ub"},
      {"timm.WSDLRScheduler(10, 20)", "decay_t must be at most t_initial"},
      {"sklearn.SGD.constant(eta0=0)", "eta0 must be above 0"},
      // What they take and our schedules do not is said to be ours.
      {"keras.PolynomialDecay(0.1, 100, power=0)",
       "power must be a number in [0.01, 100]; that is a bound of Anneal's, not of Keras"},
      {"transformers.cosine(10, 100, num_cycles=0)",
       "num_cycles must be a number in [1e-06, 1e+06]; that is a bound of Anneal's, not of "
       "Hugging Face Transformers"},
      {"optax.constant_schedule(1e7)",
       "value must be at most 1e+06; that is a bound of Anneal's, not of Optax"},
      {"optax.join_schedules([torch.StepLR(3), optax.constant_schedule(0.1)], [10])",
       "wanted a schedule of Optax"},
      {"mlx.join_schedules([optax.constant_schedule(0.1), mlx.exponential_decay(0.1, 0.9)], [10])",
       "wanted a schedule of MLX"},
      {"torch.StepLR(30, last_epoch=4)", "last_epoch is not translated"},
      {"torch.ReduceLROnPlateau(min_lr=[1e-3, 1e-4])",
       "min_lr with several numbers is for several parameter groups"},
  };
  for (const auto& [call, wanted] : cases) {
    CAPTURE(call);
    const std::string error = error_of(call);
    CAPTURE(error);
    CHECK(error.starts_with("bad schedule: " + std::string(wanted)));
    CHECK(error.ends_with("^"));
  }
}
