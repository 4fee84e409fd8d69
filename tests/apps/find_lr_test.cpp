#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "apps/find_lr/report.h"
#include "datasets/digits.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

struct Curve {
  std::vector<double> rates;
  std::vector<double> losses;
  operator RangeCurve() const { return {rates, losses}; }
};

/// `count` rates, ten to a decade, with the loss f(log10 of the rate), from 1e-4 on.
template <class F>
Curve curve(int count, F loss) {
  Curve c;
  for (int i = 0; i < count; ++i) {
    const double decade = -4.0 + i / 10.0;
    c.rates.push_back(std::pow(10.0, decade));
    c.losses.push_back(loss(decade));
  }
  return c;
}

Curve of(std::vector<double> losses) {
  Curve c = curve(static_cast<int>(losses.size()), [](double) { return 0.0; });
  c.losses = std::move(losses);
  return c;
}

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
    check(options, data());
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

/// Falls fastest at 1e-2 and is lowest at 1: 2.3 - 2 sigmoid(3 (x + 2)), and a wall behind 0.
double usual(double x) {
  return 2.3 - 2.0 / (1.0 + std::exp(-3.0 * (x + 2.0))) + (x > 0.0 ? 4.0 * x * x : 0.0);
}

}  // namespace

TEST_CASE("steepest: where a sigmoid over log rate has its inflexion") {
  // In steps of a tenth of a decade the fall is greatest to both sides of 1e-2: the first counts.
  const Curve c = curve(51, [](double x) { return -std::tanh(x + 2.05); });
  CHECK(c.rates[steepest(c)] == doctest::Approx(std::pow(10.0, -2.1)));
  // The slope is against the logarithm: equal falls over unequal steps are not equally steep.
  const Curve uneven{{1e-3, 1e-2, 2e-2, 1e-1}, {3.0, 2.0, 1.0, 0.0}};
  CHECK(steepest(uneven) == 1);
}

TEST_CASE("minimum: where a parabola is lowest, the first time") {
  const Curve c = curve(51, [](double x) { return (x + 1.0) * (x + 1.0); });
  CHECK(c.rates[minimum(c)] == doctest::Approx(0.1));
  CHECK(minimum(of({3, 1, 2, 1})) == 1);
  CHECK(rules[1].factor == 0.1);
}

TEST_CASE("valley: by the longest falling subsequence") {
  // Falls from 0 to 30, then rises. L = 31 ends at 30: 30 - 31 + 10 + 5.
  const Curve v = curve(51, [](double x) { return std::abs(x + 1.0); });
  CHECK(valley(v) == 14);
  // The longest, of 6, is 9 8 7 6 5 4 and leaves the peaks out; it ends at 10: 10 - 6 + 2 + 1.
  CHECK(valley(of({9, 20, 8, 20, 7, 20, 6, 20, 5, 20, 4, 30})) == 7);
  // Equal losses do not fall: 3 2 1 is the longest, ends at 6: 6 - 3 + 1 + 0.
  CHECK(valley(of({3, 3, 3, 2, 2, 2, 1, 1})) == 4);
  CHECK(valley(of({1, 2, 3})) == 0);
  CHECK(valley(of({5})) == 0);
}

TEST_CASE("valley agrees with the definition, tried in all ways, on noisy curves") {
  std::uint32_t state = 1;
  for (int round = 0; round < 50; ++round) {
    std::vector<double> losses;
    for (int i = 0; i < 60; ++i) {
      state = state * 1664525U + 1013904223U;
      losses.push_back(60.0 - i + static_cast<double>(state >> 27U));
    }
    std::vector<std::size_t> length(losses.size(), 1);  // of the longest that ends here
    std::size_t end = 0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j)
        if (losses[i] < losses[j]) length[i] = std::max(length[i], length[j] + 1);
      if (length[i] > length[end]) end = i;
    }
    const std::size_t l = length[end];
    CHECK(valley(of(losses)) == end - std::min(end, l - l / 3 - l / 6));
  }
}

TEST_CASE("slide: before the slope begins to change") {
  // Level up to 50, then steeper with every update. The ends of the interval of 15 differ as long
  // as the right one is at 50 or beyond.
  std::vector<double> losses(100, 60.0);
  for (std::size_t i = 51; i < 100; ++i)
    losses[i] = 60.0 - 0.05 * static_cast<double>((i - 50) * (i - 50));
  CHECK(slide(of(losses), 100) == 35);
  // It stops at the first interval of one slope, here from 61 to 76, though the curve goes on to
  // change before it.
  for (std::size_t i = 58; i < 78; ++i) losses[i] = losses[57] - static_cast<double>(i - 57);
  for (std::size_t i = 78; i < 100; ++i)
    losses[i] = losses[77] + 0.05 * static_cast<double>((i - 77) * (i - 77));
  CHECK(slide(of(losses), 100) == 62);
  // Where the slope is the same from the first place on, that is the suggestion.
  CHECK(slide(curve(100, [](double x) { return -x; }), 100) == 84);
  CHECK(slide(of({3, 2, 1}), 100) == 0);  // too short for an interval
}

TEST_CASE("slide does not depend on how fine the test is") {
  const auto test = [](int updates) {
    Curve c;
    for (int i = 0; i < updates; ++i) {
      const double x = -4.0 + 5.0 * i / (updates - 1);
      c.rates.push_back(std::pow(10.0, x));
      c.losses.push_back(usual(x));
    }
    return c.rates[slide(c, static_cast<std::size_t>(updates))];
  };
  CHECK(std::log10(test(1000)) == doctest::Approx(std::log10(test(100))).epsilon(0.05));
}

TEST_CASE("the rules see neither the first tenth nor the last five values") {
  Curve c = curve(51, usual);
  const auto before = suggestions(c, 51);
  for (std::size_t i = 0; i < 5; ++i) c.losses[i] = i % 2 == 0 ? -100.0 : 100.0;
  for (std::size_t i = 46; i < 51; ++i) c.losses[i] = -200.0;
  const auto after = suggestions(c, 51);
  for (std::size_t r = 0; r < rule_count; ++r) CHECK(after[r].rate == before[r].rate);
  CHECK(before[0].rate == doctest::Approx(std::pow(10.0, -2.1)).epsilon(0.3));
  CHECK(before[1].rate == doctest::Approx(0.1));
  CHECK(before[1].at == 40);
  CHECK_THROWS_WITH_AS(suggestions({}, 10),
                       "a range test has as many rates as losses, and some of them; got 0 and 0",
                       std::invalid_argument);
}

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
  CHECK_FALSE(says(good, "From seed to seed"));
  CHECK_FALSE(says(good, "ended early"));

  // All fall until the end: the minimum is where --to cut it off.
  const RangeTest low = test_with(curve(31, usual));
  CHECK(says(low, "The loss was lowest at its upper end, 0.032: raise --to."));
  CHECK_FALSE(says(low, "lower --from"));
  // When it was cut off by divergence instead, a higher --to would not help.
  const RangeTest cut = test_with(curve(31, usual), RangeEnd::beyond, 1);
  CHECK_FALSE(says(cut, "raise --to"));
  CHECK(says(cut, "2 of 2 seeds ended early, at 0.1 to 0.1, with a smoothed loss beyond 4 times"));

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
  const double rates[] = {0.01, 0.02, 0.025, 0.012};
  for (std::size_t r = 0; r < rule_count; ++r) test.suggested[r].rate = rates[r];
  CHECK(advice_text(test).find("The rules agree within a factor of 2.5: about 0.016.") !=
        std::string::npos);
  test.of_seeds[1][3].rate = 3.1 * test.of_seeds[0][3].rate;
  CHECK(advice_text(test).find("From seed to seed the suggestion of slide differs by more than a "
                               "factor of 3.") != std::string::npos);
  CHECK(tuning_command({.comparison = "anneal compare --hidden 16"}, test) ==
        "anneal compare --hidden 16 --peaks 0.01,0.02,0.04,0.08,0.16");
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
        "update,lr,mean,lowest,highest,loss of seed 7,smoothed loss of seed 7,loss of seed 8,"
        "smoothed loss of seed 8\n"
        "0,0.1,0.6666666666666666,0.3333333333333333,1,0.3333333333333333,0.3333333333333333,1,1\n"
        "1,0.2,,,,2,1.5,,\n");
}
