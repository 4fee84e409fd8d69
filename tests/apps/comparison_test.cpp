#include "apps/compare/comparison.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/open_constants.h"
#include "apps/compare/same_runs.h"
#include "datasets/digits.h"
#include "datasets/split.h"
#include "tests/apps/report_of.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

namespace fs = std::filesystem;

datasets::TrainAndTest data() {
  return {datasets::digits(1, 1200, 0), datasets::digits(1, 300, 1)};
}

Comparison quick(const std::vector<std::string>& schedules) {
  Comparison c{.tuning_seeds = {1001, 1002},
               .fresh_seeds = {1, 2, 3},
               .growth = 0,
               .refinements = 0,
               .evaluations = 4};
  for (const std::string& s : schedules)
    c.entrants.push_back(
        {.name = s, .schedule = s, .optimizer = {.name = "sgd"}, .peaks = {0.02, 0.04}});
  c.training.network.hidden = {16};
  c.training.epochs = 1;
  c.training.batch_size = 50;
  c.training.validation = 200;
  return c;
}

/// A store of its own, gone afterwards.
struct TemporaryStore {
  fs::path path;
  TrialStore store;
  explicit TemporaryStore(const std::string& name = "")
      : path(fs::temp_directory_path() / ("anneal-comparison-" + std::to_string(getpid()) + name)),
        store((fs::remove_all(path), path)) {}
  ~TemporaryStore() { fs::remove_all(path); }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;
  std::size_t trials() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator{}));
  }
};

/// One comparison, to its end.
std::vector<Contestant> run(const Comparison& c, const datasets::TrainAndTest& data,
                            const TrialStore& store, int workers,
                            const CompareEvents& events = {}) {
  Ranks ranks;
  CompareResult result = compare(std::span(&c, 1), data, store, {ranks, workers}, events);
  REQUIRE(result.end == CompareEnd::complete);
  return std::move(result.contestants.at(0));
}

TEST_CASE("one schedule under three names: one set of trials, differences of exactly zero") {
  const TemporaryStore temporary;
  const Comparison c = quick({"linear", " polynomial:power=1 ", "1 * linear"});
  const auto contestants = run(c, data(), temporary.store, 2);
  REQUIRE(contestants.size() == 3);
  CHECK(contestants[0].losses == contestants[1].losses);
  CHECK(contestants[0].losses == contestants[2].losses);
  for (const std::vector<Verdict>& verdicts : judge(metrics_of(contestants), 0).verdicts)
    for (const Verdict& v : verdicts) {
      CHECK(v.p == 1.0);
      if (&v != verdicts.data()) CHECK(v.difference == Interval{0.0, 0.0});
      CHECK(v.rank == doctest::Approx(2.0).epsilon(0.01));
    }
}

TEST_CASE("the chosen peak is the one of least mean tuning loss, and fresh seeds use it") {
  const TemporaryStore temporary;
  const Comparison c = quick({"constant"});
  const auto contestants = run(c, data(), temporary.store, 1);
  const Contestant& one = contestants.at(0);
  for (std::size_t k = 0; k < one.entrant.peaks.size(); ++k) {
    double sum = 0.0;
    for (const std::uint64_t seed : c.tuning_seeds) {
      TrainingOptions t = trial_of(c, c.entrants[0], one.entrant.peaks[k], seed);
      t.evaluations = 1;
      train(t, plan(t, data()), data(),
            {.evaluation = [&](const EvaluationRecord& e) { sum += e.validation_loss; }});
    }
    CHECK(one.tuning_losses[k] == doctest::Approx(sum / 2).epsilon(1e-14));
  }
  CHECK(one.tuning_losses[one.best] == std::ranges::min(one.tuning_losses));
  const TrainingOptions t = trial_of(c, c.entrants[0], one.peak(), 2);
  CHECK(one.accuracies[1] == train(t, plan(t, data()), data(), {}).test_accuracy);
}

TEST_CASE("only what is missing is computed, and the results are the same with any workers") {
  const TemporaryStore one;
  const auto all = run(quick({"linear", "cosine"}), data(), one.store, 1);
  CHECK(one.trials() == 2 * (2 * 2 + 3));
  std::atomic<int> updates = 0;  // it is asked after each of them
  const auto again = run(quick({"linear", "cosine", "constant"}), data(), one.store, 2,
                         {.stop = [&](int /*worker*/) { return ++updates < 0; }});
  CHECK(updates == (2 * 2 + 3) * (1000 / 50));
  CHECK(one.trials() == 3 * (2 * 2 + 3));
  CHECK(all[0].losses == again[0].losses);
  CHECK(all[1].accuracies == again[1].accuracies);
}

TEST_CASE("a comparison that is stopped goes on later, to the same results") {
  const TemporaryStore whole;
  const auto expected = run(quick({"linear"}), data(), whole.store, 1);
  fs::remove_all(whole.path);
  const TemporaryStore parts;
  std::atomic<int> asked = 0;
  const Comparison c = quick({"linear"});
  Ranks ranks;
  CHECK(compare(std::span(&c, 1), data(), parts.store, {ranks},
                {.stop = [&](int /*worker*/) { return ++asked > 50; }})
            .end == CompareEnd::interrupted);
  const std::size_t kept = parts.trials();
  CHECK(kept > 0);
  CHECK(kept < 7);
  CHECK(run(quick({"linear"}), data(), parts.store, 1)[0].losses == expected[0].losses);
}

TEST_CASE("told to leave, a process keeps the trial at hand and begins no other") {
  const TemporaryStore parts;
  const Comparison c = quick({"linear"});
  Ranks ranks;
  std::atomic<int> updates = 0;
  std::vector<Ranks::Progress> heard;
  const CompareResult result =
      compare(std::span(&c, 1), data(), parts.store, {ranks, 1},
              {.finished = [&](int, const TrialName&, double,
                               Ranks::Progress all) { heard.push_back(all); },
               .stop = [&](int) { return ++updates < 0; },
               .leave = [&] { return updates > 20; }});  // in the second trial
  CHECK(result.end == CompareEnd::interrupted);
  CHECK(updates == 2 * 20);
  CHECK(parts.trials() == 2);
  REQUIRE(heard.size() == 2);
  CHECK(heard[1].done == 2);
  CHECK(heard[1].computed == 2);
}

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

TEST_CASE("the test set is not touched while it tunes") {
  const TemporaryStore temporary;
  datasets::TrainAndTest unreadable = data();
  unreadable.test.bytes.clear();  // whoever gathers a test image now is refused
  const TrainingOptions any = trial_of(quick({"linear"}), quick({"linear"}).entrants[0], 0.1, 1);
  CHECK_THROWS_AS(train(any, plan(any, data()), unreadable, {}), std::runtime_error);
  const Comparison c = quick({"linear"});
  Ranks ranks;
  int tuned = 0;
  const CompareEvents events{
      .begun =
          [&](const char* phase, std::int64_t) {
            if (phase != std::string("tuning")) throw 1;
          },
      .finished = [&](int, const TrialName&, double, Ranks::Progress) { ++tuned; }};
  CHECK_THROWS_AS(compare(std::span(&c, 1), unreadable, temporary.store, {ranks}, events), int);
  CHECK(tuned == 4);
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

TEST_CASE("budgets: one comparison of each, computed together") {
  const TemporaryStore temporary;
  std::vector<Comparison> both{quick({"linear"}), quick({"linear"})};
  both[1].training.epochs = 3;
  Ranks ranks;
  std::vector<std::string> phases;
  const auto result = compare(both, data(), temporary.store, {ranks, 2},
                              {.begun = [&](const char* phase, std::int64_t trials) {
                                phases.push_back(phase + std::to_string(trials));
                              }});
  CHECK(phases == std::vector<std::string>{"tuning8", "deciding6"});
  CHECK(result.contestants[0][0].losses == run(both[0], data(), temporary.store, 1)[0].losses);
  CHECK(result.contestants[1][0].runs[0].config.total_steps == 60);
  CHECK(result.contestants[1][0].losses[0] < result.contestants[0][0].losses[0]);
}

TEST_CASE("shards compute their parts; together they are the whole") {
  const TemporaryStore shared;
  const Comparison c = quick({"linear", "cosine", "constant"});
  Ranks ranks;
  const auto part = [&](int shard) {
    return compare(std::span(&c, 1), data(), shared.store, {ranks, 1, shard, 3}, {});
  };
  CompareResult result = part(1);
  CHECK(result.end == CompareEnd::waiting);
  CHECK(result.missing == 8);
  CHECK(shared.trials() == 4);
  part(2);
  result = part(3);  // the last of the tuning, so it goes on with its part of what decides
  CHECK(result.end == CompareEnd::waiting);
  CHECK(result.missing == 6);
  part(1);
  result = part(2);
  REQUIRE(result.end == CompareEnd::complete);
  const TemporaryStore whole("whole");
  const auto expected = run(c, data(), whole.store, 2);
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(result.contestants[0][i].losses == expected[i].losses);
}

TEST_CASE("labels that mean nothing are not learned") {
  datasets::TrainAndTest shuffled = data();
  for (std::size_t i = 0; i < shuffled.train.labels.size(); ++i)  // independent of the images
    shuffled.train.labels[i] = static_cast<std::uint8_t>((i * 7919 + i / 3) % 10);
  const TemporaryStore temporary;
  const auto contestants = run(quick({"linear"}), shuffled, temporary.store, 2);
  for (const double accuracy : contestants[0].accuracies) {
    CHECK(accuracy > 0.02);
    CHECK(accuracy < 0.22);
  }
}

TEST_CASE("a schedule that diverges is kept as a failure") {
  const TemporaryStore temporary;
  Comparison c = quick({"linear", "1e6 * constant"});
  c.training.epochs = 2;
  const auto contestants = run(c, data(), temporary.store, 2);
  CHECK(contestants[0].diverged() == 0);
  CHECK(contestants[1].diverged() == 3);
  const auto verdicts = judge(losses_of(contestants), 0);
  CHECK(verdicts[1].p == 1.0);
  CHECK(verdicts[1].rank == 2.0);
  CHECK_FALSE(verdicts[1].difference.has_value());
  CHECK(verdicts[1].tier.empty());
  const std::string report = report_text(report_of(c, contestants));
  CHECK(report.find("3 of 3 diverged") != std::string::npos);
}

TEST_CASE("a comparison that makes no sense is refused") {
  const TemporaryStore temporary;
  const auto refused = [&](const Comparison& c, const char* why) {
    CHECK_THROWS_WITH_AS(run(c, data(), temporary.store, 1), why, std::invalid_argument);
  };
  Comparison c = quick({"linear"});
  c.fresh_seeds = {1, 1001};
  refused(c, "compare: a seed that tuned cannot decide");
  c = quick({"linear"});
  c.entrants[0].peaks = {0.1, 0.1};
  refused(c, "compare: the peaks must rise");
  refused(quick({}), "compare: there is no schedule");
  refused(quick({"linear", "linear"}), "compare: 'linear' is named twice");
  CHECK(temporary.trials() == 0);
}

}  // namespace
