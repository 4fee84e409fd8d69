// What is said of results, whatever computed them: verdicts, figures, findings.
#include "apps/compare/judge.h"

#include <doctest/doctest.h>

#include <cmath>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "tests/apps/report_of.h"

using namespace anneal::apps;

namespace {

Contestant with_losses(std::string name, std::vector<double> losses) {
  Contestant c{.entrant = {.name = std::move(name), .peaks = {1, 2, 4}}};
  c.accuracies.assign(losses.size(), 0.5);
  c.losses = std::move(losses);
  c.tuning_losses = {2.0, 1.0, 2.0};
  c.best = 1;
  return c;
}

}  // namespace

TEST_CASE("figures of a run") {
  RunLog log{.evaluations = {{10, 0, 4.0, 0.1}, {20, 0, 2.0, 0.6}, {40, 0, 1.0, 0.8}},
             .result = RunResult{}};
  CHECK(area_under(log) == doctest::Approx((10 * 3.0 + 20 * 1.5) / 30));
  CHECK(steps_to(log, 0.6) == 20);
  CHECK_FALSE(steps_to(log, 0.81).has_value());
  Contestant one{.runs = {log, log, log}};
  one.runs[1].evaluations[1].validation_accuracy = 0.5;
  one.runs[2].evaluations.pop_back();
  one.runs[2].evaluations.pop_back();
  CHECK(time_to(one, 0.6).reached == 2);
  CHECK(time_to(one, 0.6).median == 40.0);
  one.runs.pop_back();
  CHECK(time_to(one, 0.6).median == 30.0);
  CHECK_FALSE(time_to(one, 0.9).median.has_value());
  log.result->diverged = true;
  CHECK(std::isinf(area_under(log)));
  CHECK(std::isinf(final_loss(log)));
}

TEST_CASE("a loss that has run off is a divergence, though it is finite") {
  RunLog log{.steps = {{.step = 0, .loss = 2.3}},
             .evaluations = {{10, 0, 1e29, 0.1}, {20, 0, 2300.0, 0.1}},
             .result = RunResult{}};
  CHECK(final_loss(log) == 2300.0);  // 1000 times the first
  log.evaluations.back().validation_loss = 2300.1;
  CHECK(has_diverged(log));
  CHECK(std::isinf(final_loss(log)));
  CHECK(std::isinf(area_under(log)));
}

TEST_CASE("peaks within 5 % of the best, without a gap") {
  Contestant one{.entrant = {.peaks = {1, 2, 4, 8, 16}},
                 .tuning_losses = {1.01, 1.2, 1.04, 1.0, 1.06},
                 .best = 3};
  CHECK(robust_peaks(one) == std::pair{4.0, 8.0});
}

TEST_CASE("verdicts: what differs is found, what does not shares a letter") {
  const std::vector<Contestant> contestants{
      with_losses("even", {1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9}),
      with_losses("level", {1.1, 1.0, 1.3, 1.2, 1.5, 1.4, 1.7, 1.6, 1.9, 1.8}),
      with_losses("worse", {1.5, 1.7, 1.7, 1.9, 1.9, 2.1, 2.1, 2.3, 2.3, 2.5})};
  const auto v = judge(losses_of(contestants), 0);
  CHECK(v[0].tier == v[1].tier);
  CHECK(v[0].tier != v[2].tier);
  CHECK(v[1].p == 1.0);
  CHECK(v[2].p == 2 * least_sign_flip_p(10));  // Holm over two
  CHECK(v[2].difference.low > 0.4);
  CHECK(v[2].rank == doctest::Approx(3.0));

  Comparison c{.tuning_seeds = {11}};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) c.fresh_seeds.push_back(seed);
  CHECK(answer(report_of(c, contestants).studies[0]) ==
        "`even` and `level` lead; they cannot be told apart. `worse` ends higher than `even`.");
}

TEST_CASE("a baseline that is beaten does not lead, though it may share the tier") {
  std::vector<Contestant> contestants{
      with_losses("base", {1.0, 1.1, 1.2}), with_losses("better", {0.8, 0.9, 1.0}),
      with_losses("level", {0.9, 1.0, 1.0}), with_losses("worse", {1.9, 2.0, 2.0})};
  const Study study{.comparison = {.fresh_seeds = {1, 2, 3}},
                    .contestants = contestants,
                    .verdicts = {{.rank = 3.0, .tier = "ab"},
                                 {.p = 0.01, .rank = 1.0, .tier = "a"},
                                 {.p = 0.3, .rank = 2.0, .tier = "a"},
                                 {.p = 0.01, .rank = 4.0, .tier = "ab"}}};
  CHECK(answer(study) ==
        "`better` and `level` lead; they cannot be told apart. `better` ends lower than `base`. "
        "`worse` ends higher than `base`.");
}

TEST_CASE("the report says what too few seeds cannot show") {
  Comparison c{.tuning_seeds = {9}};
  c.fresh_seeds = {1, 2, 3, 4};
  std::vector<Contestant> contestants{with_losses("a", {1, 2, 3, 4}),
                                      with_losses("b", {2, 3, 4, 6})};
  contestants[1].best = 2;
  const std::string report = report_text(report_of(c, contestants));
  for (const char* part :
       {"With 4 fresh seeds no difference from the baseline can be significant: the least p is "
        "0.125, times 1 comparison. It takes 6 seeds.",
        "With 4 fresh seeds no two schedules can be told apart, unless one of them diverges",
        "4 (edge)", "The best peak of `b` is at the edge of the grid"}) {
    CAPTURE(report);
    CHECK(report.find(part) != std::string::npos);
  }
}
