#include "apps/compare/comparison.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/report.h"
#include "datasets/digits.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

namespace fs = std::filesystem;

datasets::TrainAndTest data() {
  return {datasets::digits(1, 1200, 0), datasets::digits(1, 300, 1)};
}

Comparison quick(std::vector<std::string> schedules) {
  Comparison c{.schedules = std::move(schedules),
               .peaks = {0.02, 0.04},
               .tuning_seeds = {1001, 1002},
               .fresh_seeds = {1, 2, 3}};
  c.training.network.hidden = {16};
  c.training.optimizer.name = "sgd";
  c.training.epochs = 1;
  c.training.batch_size = 50;
  c.training.validation = 200;
  return c;
}

/// A store of its own, gone afterwards.
struct TemporaryStore {
  fs::path path = fs::temp_directory_path() / ("anneal-comparison-" + std::to_string(getpid()));
  TrialStore store{(fs::remove_all(path), path)};
  TemporaryStore() = default;
  ~TemporaryStore() { fs::remove_all(path); }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;
  std::size_t trials() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator{}));
  }
};

Contestant with_losses(std::string name, std::vector<double> losses) {
  Contestant c{.schedule = std::move(name)};
  c.accuracies.assign(losses.size(), 0.5);
  c.losses = std::move(losses);
  c.tuning_losses = {2.0, 1.0, 2.0};
  c.best = 1;
  return c;
}

TEST_CASE("one schedule under three names: one set of trials, differences of exactly zero") {
  const TemporaryStore temporary;
  const Comparison c = quick({"linear", " polynomial:power=1 ", "1 * linear"});
  const auto contestants = compare(c, data(), temporary.store, 2, {});
  REQUIRE(contestants.size() == 3);
  CHECK(contestants[0].losses == contestants[2].losses);
  for (const Verdict& v : judge(contestants, 0)) {
    CHECK(v.p == 1.0);
    CHECK(v.tier == "a");
    CHECK(v.rank == doctest::Approx(2.0).epsilon(0.01));
  }
}

TEST_CASE("the chosen peak is the one of least mean tuning loss, and fresh seeds use it") {
  const TemporaryStore temporary;
  const Comparison c = quick({"constant"});
  const auto contestants = compare(c, data(), temporary.store, 1, {});
  const Contestant& one = contestants.at(0);
  for (std::size_t k = 0; k < c.peaks.size(); ++k) {
    double sum = 0.0;
    for (const std::uint64_t seed : c.tuning_seeds) {
      const TrainingOptions t = trial_of(c, 0, c.peaks[k], seed);
      train(t, plan(t, data()), data(),
            {.evaluation = [&](const EvaluationRecord& e) { sum += e.validation_loss; }});
    }
    CHECK(one.tuning_losses[k] == doctest::Approx(sum / 2).epsilon(1e-14));
  }
  CHECK(one.tuning_losses[one.best] == std::ranges::min(one.tuning_losses));
  const TrainingOptions t = trial_of(c, 0, c.peaks[one.best], 2);
  CHECK(one.accuracies[1] == train(t, plan(t, data()), data(), {}).test_accuracy);
}

TEST_CASE("only what is missing is computed, and the results are the same with any workers") {
  const TemporaryStore one;
  const auto all = compare(quick({"linear", "cosine"}), data(), one.store, 1, {});
  CHECK(one.trials() == 2 * (2 * 2 + 3));
  std::atomic<int> updates = 0;  // it is asked after each of them
  const auto again = compare(quick({"linear", "cosine", "constant"}), data(), one.store, 2,
                             {.stop = [&] { return ++updates < 0; }});
  CHECK(updates == (2 * 2 + 3) * (1000 / 50));
  CHECK(one.trials() == 3 * (2 * 2 + 3));
  CHECK(all[0].losses == again[0].losses);
  CHECK(all[1].accuracies == again[1].accuracies);
}

TEST_CASE("a comparison that is stopped goes on later, to the same results") {
  const TemporaryStore whole;
  const auto expected = compare(quick({"linear"}), data(), whole.store, 1, {});
  fs::remove_all(whole.path);
  const TemporaryStore parts;
  std::atomic<int> asked = 0;
  CHECK(compare(quick({"linear"}), data(), parts.store, 1, {.stop = [&] { return ++asked > 50; }})
            .empty());
  const std::size_t kept = parts.trials();
  CHECK(kept > 0);
  CHECK(kept < 7);
  CHECK(compare(quick({"linear"}), data(), parts.store, 1, {})[0].losses == expected[0].losses);
}

TEST_CASE("labels that mean nothing are not learned") {
  datasets::TrainAndTest shuffled = data();
  for (std::size_t i = 0; i < shuffled.train.labels.size(); ++i)  // independent of the images
    shuffled.train.labels[i] = static_cast<std::uint8_t>((i * 7919 + i / 3) % 10);
  const TemporaryStore temporary;
  const auto contestants = compare(quick({"linear"}), shuffled, temporary.store, 2, {});
  for (const double accuracy : contestants[0].accuracies) {
    CHECK(accuracy > 0.02);
    CHECK(accuracy < 0.22);
  }
}

TEST_CASE("a schedule that diverges is kept as a failure") {
  const TemporaryStore temporary;
  Comparison c = quick({"linear", "1e6 * constant"});
  c.training.epochs = 2;
  const auto contestants = compare(c, data(), temporary.store, 2, {});
  CHECK(contestants[0].diverged() == 0);
  CHECK(contestants[1].diverged() == 3);
  const auto verdicts = judge(contestants, 0);
  CHECK(verdicts[1].p == 1.0);
  CHECK(verdicts[1].rank == 2.0);
  CHECK(verdicts[0].tier == "a");
  CHECK(verdicts[1].tier == "b");
  const std::string report = report_text(c, contestants, {});
  CHECK(report.find("3 of 3 diverged") != std::string::npos);
}

TEST_CASE("verdicts: what differs is found, what does not shares a letter") {
  const std::vector<Contestant> contestants{
      with_losses("even", {1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9}),
      with_losses("level", {1.1, 1.0, 1.3, 1.2, 1.5, 1.4, 1.7, 1.6, 1.9, 1.8}),
      with_losses("worse", {1.5, 1.7, 1.7, 1.9, 1.9, 2.1, 2.1, 2.3, 2.3, 2.5})};
  const auto v = judge(contestants, 0);
  CHECK(v[0].tier == v[1].tier);
  CHECK(v[0].tier != v[2].tier);
  CHECK(v[1].p == 1.0);
  CHECK(v[2].p == 2 * least_sign_flip_p(10));  // Holm over two
  CHECK(v[2].loss_difference.low > 0.4);
  CHECK(v[2].rank == doctest::Approx(3.0));

  Comparison c{.schedules = {"even", "level", "worse"}, .peaks = {1, 2, 4}};
  c.tuning_seeds = {11};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) c.fresh_seeds.push_back(seed);
  const std::string report = report_text(c, contestants, {.command = "anneal compare"});
  CHECK(report.find("`even` and `level` lead; they cannot be told apart. `worse` end higher") !=
        std::string::npos);
}

TEST_CASE("the report says what too few seeds cannot show") {
  Comparison c{.schedules = {"a", "b"}, .peaks = {1, 2, 4}, .tuning_seeds = {9}};
  c.fresh_seeds = {1, 2, 3, 4};
  std::vector<Contestant> contestants{with_losses("a", {1, 2, 3, 4}),
                                      with_losses("b", {2, 3, 4, 6})};
  contestants[1].best = 2;
  const std::string report = report_text(c, contestants, {});
  for (const char* part :
       {"With 4 fresh seeds no difference from the baseline can be significant: the least p is "
        "0.125, times 1 comparisons. It takes 6 seeds.",
        "With 4 fresh seeds no two schedules can be told apart", "4 (edge)",
        "The best peak of `b` is at the edge of the grid"}) {
    CAPTURE(report);
    CHECK(report.find(part) != std::string::npos);
  }
}

TEST_CASE("a comparison that makes no sense is refused") {
  const TemporaryStore temporary;
  const auto refused = [&](const Comparison& c, const char* why) {
    CHECK_THROWS_WITH_AS(compare(c, data(), temporary.store, 1, {}), why, std::invalid_argument);
  };
  Comparison c = quick({"linear"});
  c.fresh_seeds = {1, 1001};
  refused(c, "compare: a seed that tuned cannot decide");
  c = quick({"linear"});
  c.peaks = {0.1, 0.1};
  refused(c, "compare: the peaks must rise");
  refused(quick({}), "compare: there is no schedule");
  CHECK(temporary.trials() == 0);
}

}  // namespace
