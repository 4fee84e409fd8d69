#include "apps/compare/contest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/comparison.h"
#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/open_constants.h"
#include "apps/compare/same_runs.h"
#include "datasets/split.h"
#include "tests/apps/report_of.h"
#include "tests/apps/small_comparison.h"

using namespace anneal;
using namespace anneal::apps;
using namespace anneal::apps::small_comparison;

namespace {

TEST_CASE("a grid grows for all who share it while somebody's best peak is its last") {
  const TemporaryStore temporary;
  Comparison c = quick({"linear", "constant"});
  c.entrants.push_back({.name = "as published",
                        .schedule = "linear",
                        .optimizer = {.name = "sgd"},
                        .peaks = {0.03}});
  for (Entrant& e : c.entrants)
    if (e.peaks.size() > 1) e.peaks = {0.0001, 0.0002};
  c.growth = 2;
  const auto contestants = run(c, data(), temporary.store, 2);
  const std::vector<double> grown{0.0001, 0.0002, 0.0004, 0.0008};  // so low that more is better
  CHECK(contestants[0].entrant.peaks == grown);
  CHECK(contestants[1].entrant.peaks == grown);
  CHECK(contestants[0].best_is_at_the_edge());
  CHECK(contestants[0].tuning.size() == 4);
  CHECK(contestants[2].entrant.peaks == std::vector<double>{0.03});
  CHECK(at_which_rate(report_of(c, contestants).studies[0]) ==
        "at its own best peak, or at the rate that it was given");
  CHECK_FALSE(contestants[2].tuned());
  CHECK(cautions(report_of(c, contestants).studies[0]).at(1) ==
        "The best peak of `linear` is at the edge of the grid: it might do better beyond; "
        "--growth 5 lets the grid follow it.");
}

/// A search that takes several rounds.
Comparison searching(const std::vector<std::string>& schedules) {
  Comparison c = quick(schedules);
  c.tuning_seeds = {1001, 1002, 1003, 1004};
  for (Entrant& e : c.entrants) e.peaks = {0.02, 0.04, 0.08, 0.16, 0.32, 0.64};
  c.growth = 1;
  c.refinements = 6;
  return c;
}

TEST_CASE("a search plans its rounds alike for any workers, shards and interruptions") {
  const TemporaryStore whole("whole");
  const Comparison c = searching({"linear", "constant"});
  const auto expected = run(c, data(), whole.store, 2);
  for (const Contestant& one : expected) {
    CHECK(one.entrant.peaks.size() > one.grid.size());
    CHECK(one.tuning[one.best].size() == 4);
    CHECK(one.tuning_trials < 4 * std::ssize(one.entrant.peaks));
  }
  const auto same = [&](const std::vector<Contestant>& others) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(others[i].entrant.peaks == expected[i].entrant.peaks);
      CHECK(others[i].tuning == expected[i].tuning);
      CHECK(others[i].best == expected[i].best);
      CHECK(others[i].losses == expected[i].losses);
    }
  };
  SUBCASE("one worker") {
    const TemporaryStore one;
    same(run(c, data(), one.store, 1));
    CHECK(one.trials() == whole.trials());
  }
  SUBCASE("stopped again and again") {
    const TemporaryStore parts;
    Ranks ranks;
    for (int k = 0; k < 6; ++k) {
      std::atomic<int> updates = 0;
      CHECK(compare(std::span(&c, 1), data(), parts.store, {ranks, 2},
                    {.stop = [&](int) { return ++updates > 130; }})
                .end == CompareEnd::interrupted);
    }
    same(run(c, data(), parts.store, 2));
    CHECK(parts.trials() == whole.trials());
  }
  SUBCASE("shards, each at its own time") {
    const TemporaryStore shared;
    Ranks ranks;
    CompareResult result{.end = CompareEnd::waiting};
    for (int turn = 0; turn < 40 && result.end != CompareEnd::complete; ++turn)
      result = compare(std::span(&c, 1), data(), shared.store, {ranks, 1, turn % 3 + 1, 3}, {});
    REQUIRE(result.end == CompareEnd::complete);
    same(result.contestants[0]);
    CHECK(shared.trials() == whole.trials());
  }
}

TEST_CASE("a schedule that says what its rates are runs at them, untuned") {
  const TemporaryStore temporary;
  const Comparison c = quick({"torch.OneCycleLR(max_lr=0.07, total_steps=20)"});
  const Contestant one = run(c, data(), temporary.store, 2).at(0);
  CHECK_FALSE(one.tuned());
  CHECK(one.peak() == doctest::Approx(0.07));
  CHECK(rate_curve(one, 1000).rates.size() == 20);
  CHECK(std::ranges::max(rate_curve(one, 1000).rates) == doctest::Approx(0.07));
}

TEST_CASE("a schedule that watches its losses sees as many of them while it is tuned") {
  const TemporaryStore temporary;
  Comparison c = quick({"plateau:patience=0,factor=0.01,threshold=0.9", "constant"});
  c.evaluations = 10;
  const auto contestants = run(c, data(), temporary.store, 2);
  const TrainingOptions t = trial_of(c, c.entrants[0], 0.02, 1001);
  double last = 0.0;
  train(t, plan(t, data()), data(),
        {.evaluation = [&](const EvaluationRecord& e) { last = e.validation_loss; }});
  CHECK(contestants[0].tuning[0][0] == last);
  CHECK(contestants[0].tuning_losses[0] != contestants[1].tuning_losses[0]);
  const RateCurve curve = rate_curve(contestants[0], 1000);
  CHECK(curve.rates.front() == contestants[0].peak());
  CHECK(curve.rates.back() < 0.02 * contestants[0].peak());
}

TEST_CASE("what a schedule watches is not what it is judged by") {
  const TemporaryStore temporary;
  Comparison c = quick({"plateau:patience=0,factor=0.5,threshold=0.1", "constant"});
  c.evaluations = 10;
  c.training.watched = 50;
  TrainingOptions t = trial_of(c, c.entrants[0], 0.04, 1);
  const auto losses_of_run = [&](const TrainingOptions& options, const datasets::TrainAndTest& d) {
    std::vector<double> losses;
    train(options, plan(options, d), d,
          {.evaluation = [&](const EvaluationRecord& e) { losses.push_back(e.validation_loss); }});
    return losses;
  };
  const std::vector<double> seen = losses_of_run(t, data());
  REQUIRE(seen.size() == 10);
  CHECK(plan(t, data()).watched_examples == 50);
  CHECK(plan(t, data()).validation_examples == 200);

  // Which examples count on the way and which at the end: those whose labels are changed.
  const datasets::Split parts = datasets::split(1200, 200, 1);
  datasets::TrainAndTest changed = data();
  int on_the_way = 0;
  int at_the_end = 0;
  t.evaluations = 2;
  t.schedule = "constant";
  const std::vector<double> whole = losses_of_run(t, data());
  for (const std::uint32_t row : parts.validation) {
    const std::uint8_t label = changed.train.labels[row] == 0 ? 1 : 0;
    const auto before = changed.train.labels[row];
    changed.train.labels[row] = label;
    const std::vector<double> now = losses_of_run(t, changed);
    changed.train.labels[row] = before;
    on_the_way += now[0] != whole[0] ? 1 : 0;
    at_the_end += now[1] != whole[1] ? 1 : 0;
    CHECK((now[0] != whole[0]) != (now[1] != whole[1]));
  }
  CHECK(on_the_way == 50);
  CHECK(at_the_end == 150);

  const auto contestants = run(c, data(), temporary.store, 2);
  for (const Contestant& one : contestants)
    CHECK(one.losses[0] == one.runs[0].evaluations.back().validation_loss);
  t.watched = 200;
  CHECK_THROWS_WITH_AS(plan(t, data()),
                       "of 200 validation examples, watching 200 leaves none to judge by",
                       std::invalid_argument);
}

TEST_CASE("schedules of equal rates at every update are one, and the first line says so") {
  const TemporaryStore temporary;
  Comparison c = quick({"plateau:patience=100; name", "linear", "constant", "1 * constant"});
  c.entrants[0].schedule = "plateau:patience=100";
  c.entrants[0].name = "plateau";
  c.baseline = 2;
  Study study{.comparison = c, .contestants = run(c, data(), temporary.store, 2)};
  merge_same(study);
  REQUIRE(study.contestants.size() == 2);
  CHECK(study.contestants[0].entrant.name == "linear");
  CHECK(study.contestants[study.comparison.baseline].entrant.name == "constant");
  CHECK(study.comparison.entrants.size() == 2);
  CHECK(
      on_the_same(study) ==
      "`plateau` ran under the same rates as `constant` at every update: they are one here. "
      "`1 * constant` ran under the same rates as `constant` at every update: they are one here. ");
  study.judgement = judge(metrics_of(study.contestants), study.comparison.baseline);
  const std::string text = report_text({.title = "t", .studies = {study}});
  CHECK(text.find("# t\n\n`plateau` ran under the same rates") == 0);
  merge_same(study);
  CHECK(study.contestants.size() == 2);
}

TEST_CASE("a plateau of the presets acts within a run of twenty evaluations") {
  const TemporaryStore temporary;
  Comparison c = quick({"plateau:patience=1,factor=0.5"});
  c.training.epochs = 6;
  c.evaluations = 20;
  const RateCurve curve = rate_curve(run(c, data(), temporary.store, 2)[0], 1000);
  CHECK(curve.rates.back() < curve.rates.front());
}

TEST_CASE("a constant that is left open is chosen while tuning, with all its trials counted") {
  CHECK(variants_of("step:every=34%").empty());
  CHECK(variants_of("torch.LambdaLR(lr_lambda={'a': 1})").empty());
  CHECK(variants_of("step:every={10%, 50%},gamma={0.1,0.5}") ==
        std::vector<std::string>{"step:every=10%,gamma=0.1", "step:every=10%,gamma=0.5",
                                 "step:every= 50%,gamma=0.1", "step:every= 50%,gamma=0.5"});
  CHECK_THROWS_WITH(variants_of("step:gamma={0.1"), "--schedule 'step:gamma={0.1': '{' has no '}'");
  CHECK_THROWS_WITH(variants_of("step:gamma={0.1,}"),
                    "--schedule 'step:gamma={0.1,}': an empty value between '{' and '}'");

  const TemporaryStore temporary;
  Comparison c = searching({"step", "constant"});
  c.entrants[0].variants = {"step:every=10%,gamma=0.01", "step:every=50%,gamma=0.5"};
  c.entrants[0].schedule = c.entrants[0].variants[0];
  const auto contestants = run(c, data(), temporary.store, 2);
  CHECK(contestants[0].entrant.schedule == "step:every=50%,gamma=0.5");
  CHECK(contestants[0].canonical.find("gamma=0.5") != std::string::npos);
  std::int64_t own = 0;
  for (const auto& losses : contestants[0].tuning) own += std::ssize(losses);
  CHECK(contestants[0].tuning_trials >= own + 12);  // the other's, on the grid
  // The same as the variant alone.
  Comparison alone = searching({"step:every=50%,gamma=0.5", "constant"});
  CHECK(run(alone, data(), temporary.store, 1)[0].losses == contestants[0].losses);
  const std::string text = report_text(report_of(c, contestants));
  CHECK(text.find("but for those that the tuning chose: `step") != std::string::npos);
  c.entrants[0].peaks = {0.1};
  CHECK_THROWS_WITH_AS(check(c),
                       "compare: 'step' leaves a constant open, so its peak must be open, too",
                       std::invalid_argument);
}

}  // namespace
