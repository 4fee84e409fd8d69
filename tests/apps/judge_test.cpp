// What is said of results, whatever computed them: verdicts, figures, findings.
#include "apps/compare/judge.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/judgement_json.h"
#include "apps/compare/verdict_words.h"
#include "tests/apps/normals.h"
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
  const auto v = judge({metrics_of(contestants)[0]}, 0).verdicts[0];
  CHECK(v[0].tier == v[1].tier);
  CHECK(v[0].tier != v[2].tier);
  CHECK(v[1].p == 1.0);
  CHECK(v[2].p == 2 * least_sign_flip_p(10));  // all of one sign, once more in the other row
  CHECK(v[2].difference.value().low > 0.4);
  CHECK(v[2].rank == doctest::Approx(3.0));

  Comparison c{.tuning_seeds = {11}};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) c.fresh_seeds.push_back(seed);
  CHECK(answer(report_of(c, contestants).studies[0]) ==
        "`even` and `level` lead; they cannot be told apart. `worse` ends higher than `even`. By "
        "test "
        "accuracy none is told from `even`.");
}

namespace {

/// Ten rounds of two, of whom the second is worse by about `by`, give or take.
Metric two(double by, const char* name = "loss", bool higher = false) {
  Metric m{.name = name, .higher_is_better = higher, .values = {{}, {}}};
  for (int k = 0; k < 10; ++k) {
    m.values[0].push_back(1.0 + 0.1 * k);
    m.values[1].push_back(m.values[0].back() + by + 0.1 * ((k * 7) % 10 - 4.5));
  }
  return m;
}

const std::vector<std::string> names{"`a`", "`b`"};

}  // namespace

TEST_CASE("what is close to the threshold is said in the same words on either side of it") {
  const auto judged = [](double by) { return judge({two(by)}, 0); };
  const Judgement below = judged(0.24);
  const Judgement above = judged(0.22);
  CAPTURE(below.pairs[0].p);
  CAPTURE(above.pairs[0].p);
  REQUIRE(below.pairs[0].p > claimed);
  REQUIRE(below.pairs[0].p < significant);
  REQUIRE(above.pairs[0].p > significant);
  REQUIRE(above.pairs[0].p < close_to);
  CHECK(
      headline(below, names) ==
      "No schedule leads: these seeds cannot tell the best from any other. None is told from `a`. "
      "Close to the threshold, so that more seeds would have to decide: `b` higher than `a`.");
  CHECK(headline(above, names) == headline(below, names));
  CHECK(tier_text(below.verdicts[0][1]) == "a~");
  CHECK(reservations(below, names).at(0).find("`a` lower than `b` (p 0.0") != std::string::npos);
  CHECK(headline(judged(1.0), names) ==
        "`a` leads: it can be told from every other. `b` ends higher than `a`.");
  CHECK(tier_text(judged(1.0).verdicts[0][1]) == "b");
}

TEST_CASE("loss and accuracy that contradict each other are said to") {
  const Judgement j = judge({two(1.0), two(1.0, "test accuracy", true)}, 0);
  CHECK(
      headline(j, names) ==
      "`a` leads: it can be told from every other. `b` ends higher than `a`. By test accuracy `b` "
      "ends higher than `a`. Loss and test accuracy contradict each other: the first puts `a` "
      "before `b`, the second the other way round.");
  const Judgement same = judge({two(1.0), two(-1.0, "test accuracy", true)}, 0);
  CHECK(headline(same, names).find("contradict") == std::string::npos);
}

TEST_CASE("fewer seeds than the rule asks for: an order, and no test") {
  for (const std::size_t n : {1UL, 2UL, 3UL, 6UL, 7UL}) {
    CAPTURE(n);
    Metric m = two(3.0);
    for (std::vector<double>& row : m.values) row.resize(n);
    const Judgement j = judge({m}, 1);
    CHECK(j.tested() == (n >= 7));
    CHECK(j.verdicts[0][0].tier.empty() == (n < 7));
    CHECK(j.verdicts[0][0].difference.has_value() == (n >= 3));
    if (n < 7) {
      CHECK(j.pairs.empty());
      CHECK_FALSE(j.verdicts[0][0].tested);
      CHECK(headline(j, names) == "In this order: `a` and `b`; " +
                                      counted_in_words(static_cast<std::int64_t>(n), "seed") +
                                      ", not tested.");
    }
  }
  CHECK(counted_in_words(1, "seed") == "one seed");
  CHECK(counted_in_words(13, "seed") == "13 seeds");
}

TEST_CASE("one that failed is ranked last there, is not tested, and claims nothing") {
  Metric m = two(0.0);
  m.values.push_back(m.values[0]);
  m.values[2][4] = HUGE_VAL;
  const Judgement j = judge({m}, 2);
  CHECK(j.pairs.size() == 1);
  CHECK(j.verdicts[0][2].tier.empty());
  CHECK_FALSE(j.verdicts[0][0].tested);
  CHECK_FALSE(j.verdicts[0][0].difference.has_value());
  CHECK(
      headline(j, {"`a`", "`b`", "`c`"}) ==
      "No schedule leads: these seeds cannot tell the best from any other. `c` failed: nothing is "
      "compared with it.");
  m.values = {{NAN, 1}, {NAN, 2}};
  CHECK(judge({m}, 0).verdicts[0][1].rank == 1.75);
}

TEST_CASE("all that is claimed of nine that are alike, by loss and accuracy, is seldom anything") {
  std::mt19937_64 random(4);
  constexpr int repetitions = 300;
  int claims = 0;
  for (int r = 0; r < repetitions; ++r) {
    Metric loss{.name = "loss"};
    Metric accuracy{.name = "accuracy", .higher_is_better = true};
    for (int i = 0; i < 9; ++i) {
      loss.values.push_back(normals(random, 10));
      accuracy.values.push_back(normals(random, 10));
      for (std::size_t k = 0; k < 10; ++k) accuracy.values[i][k] -= loss.values[i][k];
    }
    const Judgement j = judge({loss, accuracy}, 0);
    const bool any =
        std::ranges::any_of(j.pairs, [](const Pair& p) { return p.told() == Told::apart; });
    claims += any ? 1 : 0;
    const std::string words = headline(j, std::vector<std::string>(9, "x"));
    CHECK((words.find(" leads") != std::string::npos || words.find(" ends ") != std::string::npos ||
           words.find(" end ") != std::string::npos || words.find(" lead;") != std::string::npos) <=
          (any || words.starts_with("No schedule leads")));
  }
  CHECK(claims <= claimed * repetitions + 4.0 * std::sqrt(claimed * repetitions));
}

TEST_CASE("the report says what too few seeds cannot show, and prints neither p nor tier") {
  Comparison c{.tuning_seeds = {9}};
  c.fresh_seeds = {1, 2, 3, 4};
  std::vector<Contestant> contestants{with_losses("a", {1, 2, 3, 4}),
                                      with_losses("b", {2, 3, 4, 6})};
  contestants[1].best = 2;
  const std::string report = report_text(report_of(c, contestants));
  CAPTURE(report);
  for (const char* part : {"In this order: `a` and `b`; four seeds, not tested.",
                           "With 4 seeds nothing is tested: a claim takes a p of 0.025 or less, "
                           "and the least possible "
                           "is 0.125. It takes 7 seeds.",
                           "4 (edge)", "The best peak of `b` is at the edge of the grid"})
    CHECK(report.find(part) != std::string::npos);
  CHECK(report.find(" p |") == std::string::npos);
  CHECK(report.find("tier") == std::string::npos);
}

TEST_CASE("one seed has no deviation, and two have no interval") {
  Comparison c{.tuning_seeds = {9}, .fresh_seeds = {1}};
  const std::vector<Contestant> one{with_losses("a", {1}), with_losses("b", {2})};
  const std::string report = report_text(report_of(c, one));
  CHECK(report.find("±") == std::string::npos);
  CHECK(report.find("…") == std::string::npos);
  CHECK(report.find("1 fresh seed\n") != std::string::npos);
}

TEST_CASE("the numbers that others check: claims, each with its p") {
  const Json json = judgement_json(judge({two(1.0)}, 0), {"a", "b"});
  CHECK(json["seeds"] == 10);
  CHECK(json["tested"] == true);
  CHECK(json["test"]["exact"] == true);
  CHECK(json["test"]["sets"] == 512);
  REQUIRE(json["claims"].size() == 1);
  CHECK(json["claims"][0]["better"] == "a");
  CHECK(json["claims"][0]["worse"] == "b");
  CHECK(json["claims"][0]["p"] == 1.0 / 512);
  CHECK(json["claims"][0]["difference"] == doctest::Approx(-1.0));
  CHECK(json["metrics"][0]["schedules"][1]["difference"]["mean"] == doctest::Approx(1.0));
  Metric few = two(1.0);
  for (std::vector<double>& row : few.values) row.resize(3);
  const Json untested = judgement_json(judge({few}, 0), {"a", "b"});
  CHECK(untested["claims"].empty());
  CHECK(untested["tested"] == false);
  CHECK(untested["test"].is_null());
  CHECK(untested["metrics"][0]["schedules"][1]["p"].is_null());
  CHECK(untested["metrics"][0]["schedules"][1]["tier"].is_null());
}
