#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "apps/find_lr/report.h"
#include "datasets/digits.h"
#include "tests/apps/range_curve.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

const datasets::TrainAndTest& data() {
  static const datasets::TrainAndTest both{datasets::digits(1, 1200, 0),
                                           datasets::digits(1, 100, 1)};
  return both;
}

RangeTestOptions quick() {
  RangeTestOptions o;
  o.training.network.hidden = {16};
  o.training.optimizer.name = "sgd";
  o.training.batch_size = 50;
  o.training.validation = 200;
  o.updates = 60;  // of three epochs
  o.seeds = 3;
  return o;
}

std::string message_of(const RangeTestOptions& options) {
  try {
    plan(options, data());
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing wrong";
}

/// A test whose seeds all had this smoothed loss, and got to the end unless told otherwise.
RangeTest test_with(const Curve& c, RangeEnd end = RangeEnd::finished, std::size_t missing = 0) {
  RangeTestOptions o = quick();
  o.updates = std::ssize(c.losses);
  o.from = c.rates.front();
  o.to = c.rates.back();
  std::vector<double> losses(c.losses.begin(), c.losses.end() - static_cast<long>(missing));
  return summarize(o, {{.seed = 1, .losses = losses, .smoothed = losses, .end = end},
                       {.seed = 2, .losses = losses, .smoothed = losses, .end = end}});
}

std::string advice_text(const RangeTest& test) {
  std::string text;
  for (const std::string& sentence : advice(test)) text += sentence + "\n";
  return text;
}

}  // namespace

TEST_CASE("a range test is the same to the bit with any number of workers") {
  const std::vector<SeedCurve> one = train_seeds(quick(), data(), 1);
  const std::vector<SeedCurve> three = train_seeds(quick(), data(), 3);
  REQUIRE(one.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(one[i].seed == 1 + i);
    CHECK(one[i].losses == three[i].losses);
    CHECK(one[i].smoothed == three[i].smoothed);
    CHECK(one[i].end == three[i].end);
  }
  CHECK(one[0].losses != one[1].losses);
}

TEST_CASE("the rates rise from the first to the last by equal factors") {
  const RangeTestOptions o = quick();
  CHECK(rate_at(o, 0) == o.from);
  CHECK(rate_at(o, 59) == doctest::Approx(o.to).epsilon(1e-12));
  CHECK(rate_at(o, 30) / rate_at(o, 29) == doctest::Approx(std::pow(1e5, 1.0 / 59)));
}

TEST_CASE("a test trains at those rates") {
  // Without momentum or decay, and a rate that hardly moves, it is training at a constant rate.
  RangeTestOptions o = quick();
  o.training.optimizer.momentum = 0.0;
  o.from = 0.1;
  o.to = 0.1 * (1.0 + 1e-12);
  o.seeds = 1;
  TrainingOptions constant = o.training;
  constant.schedule = "constant";
  constant.optimizer.lr = 0.1;
  constant.epochs = 3;
  std::vector<double> losses;
  train(constant, plan(constant, data()), data(),
        {.step = [&](const StepRecord& s, std::int64_t) { losses.push_back(s.loss); }});
  const std::vector<double> tested = train_seeds(o, data(), 1)[0].losses;
  REQUIRE(tested.size() == losses.size());
  for (std::size_t i = 0; i < losses.size(); ++i)
    CHECK(tested[i] == doctest::Approx(losses[i]).epsilon(1e-4));
}

TEST_CASE("a test ends when the smoothed loss is beyond four times its minimum, not before") {
  RangeTestOptions o = quick();
  o.to = 1e4;
  for (const SeedCurve& s : train_seeds(o, data(), 1)) {
    REQUIRE(s.losses.size() < 60);
    double least = HUGE_VAL;
    for (std::size_t i = 0; i < s.smoothed.size(); ++i) {
      CHECK(std::isfinite(s.losses[i]));
      least = std::min(least, s.smoothed[i]);
      if (i + 1 < s.smoothed.size()) CHECK(s.smoothed[i] <= 4.0 * least);
    }
    CHECK((s.smoothed.back() > 4.0 * least) == (s.end == RangeEnd::beyond));
    CHECK((s.end == RangeEnd::beyond || s.end == RangeEnd::not_finite));
  }
}

TEST_CASE("a test can be interrupted after any update") {
  const std::vector<SeedCurve> seeds = train_seeds(quick(), data(), 1, [] { return true; });
  for (const SeedCurve& s : seeds) {
    CHECK(s.losses.size() == 1);
    CHECK(s.end == RangeEnd::interrupted);
  }
}

TEST_CASE("the mean and the spread are over the updates that all seeds reached") {
  RangeTestOptions o = quick();
  o.updates = 3;
  const RangeTest test =
      summarize(o, {{.seed = 1, .losses = {4, 2, 1}, .smoothed = {4, 2, 1}},
                    {.seed = 2, .losses = {2, 4}, .smoothed = {2, 4}, .end = RangeEnd::beyond}});
  CHECK(test.mean == std::vector<double>{3, 3});
  CHECK(test.lowest == std::vector<double>{2, 2});
  CHECK(test.highest == std::vector<double>{4, 4});
  CHECK(test.rates.size() == 3);
  CHECK_THROWS_WITH_AS(summarize(o, {{.seed = 1, .end = RangeEnd::not_finite}}),
                       "the loss is not finite before the first update: there is no test",
                       std::invalid_argument);
}

TEST_CASE("what makes no sense is refused") {
  RangeTestOptions o = quick();
  CHECK(message_of(o) == "nothing wrong");
  o.from = 0.0;
  CHECK(message_of(o) ==
        "a range test goes from a rate above 0 up to a greater one; got --from 0 and --to 10");
  o.from = 10.0;
  CHECK(message_of(o) ==
        "a range test goes from a rate above 0 up to a greater one; got --from 10 and --to 10");
  o = quick();
  o.updates = 1;
  CHECK(message_of(o) == "a range test takes two updates or more; got --updates 1");
  o = quick();
  o.training.optimizer.amsgrad = true;
  CHECK(message_of(o) != "nothing wrong");
}

TEST_CASE("advice: agreement, disagreement, a narrow range, no fall") {
  const auto says = [](const RangeTest& test, const std::string& text) {
    return advice_text(test).find(text) != std::string::npos;
  };
  const RangeTest good = test_with(curve(51, usual));
  CHECK_FALSE(says(good, "too narrow"));
  CHECK_FALSE(says(good, "hardly fell"));
  CHECK(says(good, "The rules disagree by a factor of"));
  CHECK_FALSE(says(good, "Left out"));
  CHECK_FALSE(says(good, "ended early"));

  // All fall until the end: the minimum is where --to cut it off.
  const RangeTest low = test_with(curve(31, usual));
  CHECK(says(low, "The loss was lowest at its upper end, 0.032: raise --to."));
  CHECK_FALSE(says(low, "lower --from"));
  CHECK_FALSE(says(low, "The rules"));
  CHECK(tuning_command({.comparison = "anneal compare"}, low).empty());
  // When it was cut off by divergence instead, a higher --to would not help.
  const RangeTest cut = test_with(curve(31, usual), RangeEnd::beyond, 1);
  CHECK_FALSE(says(cut, "raise --to"));
  CHECK(says(cut, "2 of 2 seeds ended early, at 0.079, with a smoothed loss beyond 4 times"));

  const RangeTest high = test_with(curve(51, [](double x) { return usual(x + 2.0); }));
  CHECK(says(high, "The loss fell fastest at its lower end"));
  CHECK_FALSE(says(high, "raise --to"));

  const RangeTest flat = test_with(curve(51, [](double x) { return 2.3 + 0.01 * std::sin(x); }));
  CHECK(says(flat, "The loss hardly fell, from 2.308 to"));
  CHECK_FALSE(says(flat, "The rules"));
  CHECK(tuning_command({.comparison = "anneal compare"}, flat).empty());
}

TEST_CASE("advice: rules that agree, and a rule that depends on the seed") {
  RangeTest test = test_with(curve(51, usual));
  constexpr std::array rates{0.01, 0.02, 0.025, 0.012};
  for (std::size_t r = 0; r < rule_count; ++r) test.suggested[r].rate = rates[r];
  CHECK(advice_text(test).find("The rules agree within a factor of 2.5.") != std::string::npos);
  const RangeFacts facts{.comparison = "anneal compare --hidden 16", .train = "anneal train"};
  CHECK(tuning_command(facts, test) ==
        "anneal compare --hidden 16 --peaks 0.01,0.02,0.04,0.08,0.16");
  CHECK(training_command(facts, test) == "anneal train --lr 0.02");
  // Which one is suggested, and between which its seeds lie.
  test.of_seeds[0][1].rate = 0.015;
  test.of_seeds[1][1].rate = 0.023;
  REQUIRE(suggested_rate(test));
  CHECK(rate_text(*suggested_rate(test)) == "0.02");
  CHECK(rate_origin(test, *suggested_rate(test)) ==
        "0.015 to 0.023 for single seeds; a tenth of the rate at which the loss is lowest");
  // slide is left out, wherever rules are listed.
  CHECK(is_offered(test, 3));
  test.of_seeds[1][3].rate = 12.0 * test.of_seeds[0][3].rate;
  CHECK_FALSE(is_offered(test, 3));
  CHECK(advice_text(test).find("Left out, because single seeds differ: slide by a factor of 12.") !=
        std::string::npos);
  CHECK(advice_text(test).find("The rules agree within a factor of 2.5.") != std::string::npos);
  CHECK(range_page({}, facts, test).find("slide</td>") == std::string::npos);
  CHECK(range_report(facts, test, {}).find("\nslide") == std::string::npos);
  // And so is the one that is suggested.
  test.of_seeds[1][1].rate = 0.2;
  CHECK_FALSE(suggested_rate(test));
  CHECK(training_command(facts, test).empty());
}

TEST_CASE("the CSV has every digit, and gaps where a seed had ended") {
  RangeTestOptions o = quick();
  o.updates = 2;
  o.from = 0.1;
  o.to = 0.2;
  const RangeTest test =
      summarize(o, {{.seed = 7, .losses = {1.0 / 3, 2}, .smoothed = {1.0 / 3, 1.5}},
                    {.seed = 8, .losses = {1}, .smoothed = {1}, .end = RangeEnd::not_finite}});
  CHECK(range_csv(test) ==
        "update,lr,mean smoothed loss,lowest,highest,loss of seed 7,smoothed loss of seed 7,loss "
        "of seed 8,"
        "smoothed loss of seed 8\n"
        "0,0.1,0.6666666666666666,0.3333333333333333,1,0.3333333333333333,0.3333333333333333,1,1\n"
        "1,0.2,,,,2,1.5,,\n");
}
