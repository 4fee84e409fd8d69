#include "apps/training.h"

#include <doctest/doctest.h>

#include <cmath>

#include "datasets/points.h"
#include "sched/parse.h"
#include "tests/apps/small_run.h"

using namespace anneal;
using namespace anneal::apps;
using namespace anneal::apps::small_run;

namespace {

struct Recorded {
  std::vector<StepRecord> steps;
  std::vector<EvaluationRecord> evaluations;
  RunResult result;
};

Recorded run(const TrainingOptions& options, const datasets::TrainAndTest& d = data()) {
  Recorded r;
  r.result = train(options, plan(options, d), d,
                   {.step = [&](const StepRecord& s, std::int64_t) { r.steps.push_back(s); },
                    .evaluation = [&](const EvaluationRecord& e) { r.evaluations.push_back(e); },
                    .stop = {}});
  return r;
}

}  // namespace

TEST_CASE("a plan says what will happen before anything is computed") {
  const TrainingPlan p = plan(quick(), data());
  CHECK(p.training_examples == 1500);
  CHECK(p.steps_per_epoch == 30);
  CHECK(p.total_steps == 90);
  CHECK(p.model == "784-64-10");
  CHECK(p.parameters == 784 * 64 + 64 + 64 * 10 + 10);
  TrainingOptions by_default = quick();
  by_default.validation.reset();
  CHECK(plan(by_default, data()).training_examples == 2000 - 2000 / 12);
  CHECK(p.stages == std::vector<sched::Stage>{{"warmup", 0, 5}, {"cosine", 5, 90}});
}

TEST_CASE("a run learns, follows its schedule, and is evaluated after each epoch") {
  const Recorded r = run(quick());
  REQUIRE(r.steps.size() == 90);
  CHECK(r.steps[0].lr == doctest::Approx(5e-3 / 5));
  CHECK(r.steps[5].lr == doctest::Approx(5e-3));
  CHECK(r.steps[89].lr == doctest::Approx(5e-3 * std::pow(std::sin(std::acos(-1.0) / 170), 2)));
  CHECK(r.steps[0].loss == doctest::Approx(std::log(10.0)).epsilon(0.2));
  REQUIRE(r.evaluations.size() == 3);
  CHECK(r.evaluations[2].step == 90);
  CHECK(r.evaluations[2].validation_accuracy > 0.7);
  CHECK(r.result.test_accuracy > 0.7);
  CHECK(r.result.stopped == Stopped::finished);
  CHECK(r.result.training_seconds > 0);
  CHECK(r.result.training_seconds < r.result.seconds);
  CHECK(r.result.samples_per_s == doctest::Approx(4500 / r.result.training_seconds));
  CHECK(r.result.peak_rss_mb > 1);
}

TEST_CASE("the same options give the same bits, on any number of threads; another seed does not") {
  TrainingOptions options = quick();
  options.network.dropout = 0.2;
  options.network.norm = "batch";
  options.label_smoothing = 0.1;
  const Recorded first = run(options);
  for (const int threads : {1, 2, 3}) {
    options.threads = threads;
    const Recorded again = run(options);
    CHECK(again.steps == first.steps);
    CHECK(again.evaluations == first.evaluations);
    CHECK(again.result.test_loss == first.result.test_loss);
  }
  options.seed = 2;
  CHECK(run(options).steps != first.steps);
}

TEST_CASE("schedules that share a seed start from the same weights and see the same batches") {
  TrainingOptions options = quick();
  options.schedule = "constant";
  const Recorded constant = run(options);
  options.schedule = "0.5 * linear";
  const Recorded linear = run(options);
  CHECK(constant.steps[0].loss == linear.steps[0].loss);
  CHECK(constant.steps[1].loss != linear.steps[1].loss);
}

TEST_CASE("every optimizer trains, and clipping and weight decay change what it does") {
  for (const std::string& name : optimizer_names()) {
    CAPTURE(name);
    TrainingOptions options = quick();
    options.optimizer.name = name;
    const Recorded r = run(options);
    CHECK(r.result.test_accuracy > 0.5);
  }
  TrainingOptions options = quick();
  const Recorded plain = run(options);
  options.clip_norm = 0.1;
  CHECK(run(options).steps != plain.steps);
  options.clip_norm = 0.0;
  options.clip_value = 1e-3;
  CHECK(run(options).steps != plain.steps);
  options.clip_value = 0.0;
  options.optimizer.weight_decay = 0.1;
  CHECK(run(options).steps != plain.steps);
}

TEST_CASE("plateau lowers the rate when the validation loss no longer falls") {
  TrainingOptions options = quick();
  options.schedule = "plateau:patience=1,factor=0.5";
  options.epochs = 6;
  options.optimizer.name = "sgd";
  options.optimizer.lr = 1e-12;  // nothing is learned, so nothing improves
  const Recorded r = run(options);
  CHECK(r.steps[0].lr == 1e-12);
  CHECK(r.steps.back().lr < 1e-12);
}

TEST_CASE("momentum, betas, weight decay and dropout follow their schedules") {
  const auto losses = [](const TrainingOptions& o) {
    std::vector<double> all;
    for (const StepRecord& s : run(o).steps) all.push_back(s.loss);
    return all;
  };
  TrainingOptions sgd = quick();
  sgd.optimizer = {.name = "sgd", .lr = 0.05, .weight_decay = 0.01, .momentum = 0.9};
  sgd.network.dropout = 0.3;
  sgd.epochs = 1;
  // Twice half the base is the base; half the base is another run. Dropout that is 0 from the start
  // is as good as none.
  TrainingOptions half = sgd;
  half.optimizer.momentum = 0.45;
  TrainingOptions doubled = half;
  doubled.follow.momentum = "2";
  CHECK(losses(doubled) == losses(sgd));
  CHECK(losses(half) != losses(sgd));
  TrainingOptions decay = sgd;
  decay.follow.weight_decay = "cosine";
  CHECK(losses(decay) != losses(sgd));
  decay.optimizer.weight_decay = 0.005;
  decay.follow.weight_decay = "2";
  CHECK(losses(decay) == losses(sgd));
  TrainingOptions undropped = sgd;
  undropped.follow.dropout = "0";
  TrainingOptions none = sgd;
  none.network.dropout = 0.0;
  CHECK(losses(undropped) == losses(none));
  TrainingOptions adam = quick();
  adam.epochs = 1;
  TrainingOptions betas = adam;
  betas.optimizer.beta1 = 0.45;
  betas.optimizer.beta2 = 0.4995;
  betas.follow.beta1 = "2";
  betas.follow.beta2 = "2";
  CHECK(losses(betas) == losses(adam));

  betas.follow.momentum = "cosine";
  CHECK(error_of(betas) == "optimizer 'adam' has nothing for --momentum-schedule");
  sgd.optimizer.weight_decay = 0.0;
  sgd.follow.weight_decay = "cosine";
  CHECK(error_of(sgd) == "--weight-decay-schedule multiplies --weight-decay, which is 0");
}

TEST_CASE("a peer's schedule of the rate brings its momentum along, beta1 for the adam family") {
  TrainingOptions options = quick();
  options.schedule = "torch.OneCycleLR(max_lr=0.005, total_steps=90)";
  TrainingPlan p = plan(options, data());
  REQUIRE(p.followed.size() == 1);
  CHECK(p.followed[0].what == Hyper::beta1);
  CHECK(p.followed[0].schedule(sched::Clock::at(26, 90)) == doctest::Approx(0.85));
  options.optimizer.name = "sgd";
  CHECK(plan(options, data()).followed[0].what == Hyper::momentum);
  options.follow.momentum = "constant";  // what is given counts
  CHECK(plan(options, data()).followed[0].schedule.text() == "constant");
  options.optimizer.name = "adagrad";
  options.follow.momentum.clear();
  CHECK(plan(options, data()).followed.empty());
}

TEST_CASE("parameters have schedules of their own by name; the last that matches counts") {
  TrainingOptions options = quick();
  options.epochs = 1;
  const Recorded same = run(options);
  options.lr_groups = {"*: 0", "weight: linear", "*: " + options.schedule};
  CHECK(error_of(options) ==
        "--lr-group '*' is given twice: each parameter is in the last that matches");
  options.lr_groups = {"*: " + options.schedule};
  CHECK(run(options).result.train_loss == same.result.train_loss);
  options.lr_groups = {"bias: 2 * cosine"};
  CHECK(run(options).result.train_loss != same.result.train_loss);
  options.lr_groups = {"*: 0"};  // nothing moves
  CHECK(run(options).result.train_loss == doctest::Approx(std::log(10.0)).epsilon(0.2));
  options.lr_groups = {"bais: cosine"};
  CHECK(error_of(options) ==
        "--lr-group 'bais' is left without a parameter; there are 0.weight, 0.bias, 2.weight, "
        "2.bias");
  options.lr_groups = {"cosine"};
  CHECK(error_of(options) ==
        "--lr-group wants 'PATTERN: SCHEDULE', such as 'bias: 2 * cosine'; got 'cosine'");
}

TEST_CASE("the batch size can follow a schedule, epoch by epoch") {
  TrainingOptions options = quick();  // 1500 examples, 3 epochs, batches of 50
  options.follow.batch_size = "piecewise:at=[1,2],values=[1,2,4]";
  const TrainingPlan p = plan(options, data());
  CHECK(p.batch_sizes == std::vector<std::size_t>{50, 100, 200});
  CHECK(p.epoch_ends == std::vector<std::int64_t>{30, 45, 53});
  CHECK(p.total_steps == 53);
  const Recorded r = run(options);
  CHECK(r.steps.size() == 53);
  REQUIRE(r.evaluations.size() == 3);
  CHECK(r.evaluations[1].step == 45);
  options.follow.batch_size = "1";
  CHECK(run(options).result.train_loss == run(quick()).result.train_loss);
  options.follow.batch_size = "plateau";
  CHECK(error_of(options).find("how many updates there are must be known before") !=
        std::string::npos);
}

TEST_CASE("a name is meant by its parts and by wildcards") {
  for (const char* pattern : {"0.weight", "0", "weight", "*", "0.*", "*ght", "0.w*t"})
    CHECK(matches(pattern, "0.weight"));
  for (const char* pattern : {"1", "eight", "0.", "bias", "", "0.weight.*"})
    CHECK_FALSE(matches(pattern, "0.weight"));
}

TEST_CASE("a loss that is not finite ends the run as diverged") {
  TrainingOptions options = quick();
  options.optimizer.name = "sgd";
  options.optimizer.lr = 1e6;
  options.schedule = "constant";
  const Recorded r = run(options);
  CHECK(r.result.diverged);
  CHECK(r.result.stopped == Stopped::diverged);
  CHECK(r.result.steps < 90);
  CHECK(!std::isfinite(r.steps.back().loss));
  CHECK(static_cast<std::int64_t>(r.steps.size()) == r.result.steps + 1);
}

TEST_CASE("what the very last update breaks has diverged as well") {
  TrainingOptions options = quick();
  options.optimizer.name = "sgd";
  options.optimizer.lr = 0.01;
  options.schedule = "1@89 | 1e30";
  for (const std::int64_t validation : {500, 0}) {
    options.validation = validation;
    options.examples = 1500;
    Recorded r = run(options);
    CHECK(r.result.diverged);
    CHECK(r.result.stopped == Stopped::diverged);
    CHECK(r.result.steps == 90);
    CHECK(std::isfinite(r.steps.back().loss));  // it was before the update
    // Without a test set, the weights tell.
    datasets::TrainAndTest alone = data();
    alone.test.bytes.clear();
    alone.test.numbers.clear();
    alone.test.labels.clear();
    options.schedule = "1@89 | 1e45";
    CHECK(run(options, alone).result.diverged);
    options.schedule = "1@89 | 1e30";
  }
  options.schedule = "1@89 | 1";
  CHECK_FALSE(run(options).result.diverged);
}

TEST_CASE("a validation loss that is not finite ends the run") {
  TrainingOptions options = quick();
  options.optimizer.name = "sgd";
  options.optimizer.lr = 0.01;
  options.schedule = "1@29 | 1e30@1 | 1";  // the last update of the first epoch
  const Recorded r = run(options);
  CHECK(r.result.diverged);
  CHECK(r.result.steps == 30);
  REQUIRE(r.evaluations.size() == 1);
  CHECK_FALSE(std::isfinite(r.evaluations[0].validation_loss));
}

TEST_CASE("a run that is asked to stop ends after its update") {
  int asked = 0;
  const TrainingOptions options = quick();
  const RunResult r = train(options, plan(options, data()), data(),
                            {.step = {}, .evaluation = {}, .stop = [&] { return ++asked == 7; }});
  CHECK(r.steps == 7);
  CHECK(r.stopped == Stopped::interrupted);
  CHECK(std::isfinite(r.train_loss));
}

TEST_CASE("points in the plane train as images do") {
  const datasets::TrainAndTest moons{datasets::moons(1, 1000, 0), datasets::moons(1, 200, 1)};
  TrainingOptions options = quick();
  options.optimizer.lr = 0.01;
  options.epochs = 10;
  CHECK(run(options, moons).result.test_accuracy > 0.9);
}

TEST_CASE("options that make no sense are refused before anything starts") {
  const auto with = [](const auto& change) {
    TrainingOptions options = quick();
    change(options);
    return error_of(options);
  };
  CHECK(
      with([](auto& o) { o.schedule = "warmup@500 | cosine"; }) ==
      "'warmup@500 | cosine' does not fit into 90 updates: stage 'warmup@500' would end at update "
      "500");
  CHECK(with([](auto& o) { o.schedule = "plateau", o.validation = 0; }) ==
        "schedule 'plateau' watches the validation loss; give it a --validation set");
  CHECK(with([](auto& o) { o.validation = 2000; }) ==
        "a validation set of 2000 leaves nothing of 2000 examples to train on");
  CHECK(with([](auto& o) { o.optimizer.momentum = 0.9; }) == "optimizer 'adam' has no --momentum");
  CHECK(with([](auto& o) { o.optimizer.name = "sdg"; }) == "optimizer 'sdg' is not known");
  CHECK(with([](auto& o) { o.network.activation = "rellu"; }) == "activation 'rellu' is not known");
  CHECK(with([](auto& o) { o.network.norm = "group"; }) ==
        "norm 'group' is not one of none, batch, layer");
  CHECK(with([](auto& o) { o.optimizer.name = "sgd", o.optimizer.beta1 = 0.5; }) ==
        "optimizer 'sgd' has no --beta1");
}
