#include "apps/compare/comparison.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/figures.h"
#include "tests/apps/report_of.h"
#include "tests/apps/small_comparison.h"

using namespace anneal;
using namespace anneal::apps;
using namespace anneal::apps::small_comparison;

namespace {

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
  std::filesystem::remove_all(whole.path);
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
  const auto verdicts = judge({metrics_of(contestants)[0]}, 0).verdicts[0];
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
