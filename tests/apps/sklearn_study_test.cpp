// scikit-learn's published figures, and the data and weights behind them; see tests/golden.
#include <doctest/doctest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/studies/numpy_random.h"
#include "apps/studies/sklearn_fair.h"
#include "apps/studies/sklearn_mlp.h"
#include "apps/studies/sklearn_report.h"

using namespace anneal;
using namespace anneal::apps;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-14;

json golden() {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/sklearn_mlp.json");
  return json::parse(file);
}

Pattern pattern_of(const json& c) {
  return c["dataset"] == "circles" ? Pattern::circles : Pattern::moons;
}

/// Of the elements of a vector or a matrix.
double largest_difference(const nn::Tensor& ours, const json& theirs) {
  const json flat = theirs.flatten();
  REQUIRE(static_cast<nn::Index>(flat.size()) == ours.size());
  double largest = 0.0;
  for (nn::Index row = 0; row < ours.rows(); ++row)
    for (nn::Index col = 0; col < ours.cols(); ++col) {
      const std::string at =
          (ours.shape().rank() == 2 ? "/" + std::to_string(row) : "") + "/" + std::to_string(col);
      largest = std::max(largest, std::abs(ours(row, col) - flat[at].get<double>()));
    }
  return largest;
}

}  // namespace

TEST_CASE("the random numbers are NumPy's") {
  NumpyRandom uniform(0);  // np.random.RandomState(0).random_sample()
  CHECK(uniform.uniform() == 0.5488135039273248);
  CHECK(uniform.uniform() == 0.7151893663724195);
  NumpyRandom normal(0);  // np.random.RandomState(0).randn()
  for (const double wanted : {1.764052345967664, 0.4001572083672233, 0.9787379841057392})
    CHECK(std::abs(normal.normal() - wanted) < tolerance);
}

TEST_CASE("the points of the two problems are scikit-learn's to the last digits") {
  const json file = golden();
  REQUIRE(file["cases"].size() == 2);
  for (const json& c : file["cases"]) {
    CAPTURE(c["dataset"].get<std::string>());
    const Points points = example_problem(pattern_of(c)).train;
    CHECK(points.labels == c["y"].get<std::vector<int>>());
    CHECK(largest_difference(points.x, c["X"]) < tolerance);
  }
}

TEST_CASE("the initial weights are scikit-learn's to the last digits") {
  const json file = golden();
  const std::unique_ptr<nn::Module> network = make_network(example_weights_seed);
  const std::vector<nn::NamedParameter> parameters = network->parameters();
  REQUIRE(parameters.size() == 4);
  for (const json& c : file["cases"])
    for (std::size_t layer = 0; layer < 2; ++layer) {
      CHECK(largest_difference(parameters[2 * layer].parameter->value, c["weights"][layer]) <
            tolerance);
      CHECK(largest_difference(parameters[2 * layer + 1].parameter->value, c["biases"][layer]) <
            tolerance);
    }
}

TEST_CASE("all fourteen published scores and losses are reproduced to six decimals") {
  omp_set_num_threads(1);
  const json file = golden();
  REQUIRE(file["cases"].size() == 2);
  for (const json& c : file["cases"]) {
    const Pattern pattern = pattern_of(c);
    const Problem problem = example_problem(pattern);
    REQUIRE(c["rows"].size() == strategies().size());
    for (std::size_t i = 0; i < strategies().size(); ++i) {
      const json& row = c["rows"][i];
      const Strategy& strategy = strategies()[i];
      CAPTURE(c["dataset"].get<std::string>());
      CAPTURE(strategy.name);
      CHECK(strategy.rate == row["learning_rate_init"]);
      CHECK(strategy.published(pattern).score == row["published_score"]);
      CHECK(strategy.published(pattern).loss == row["published_loss"]);

      const Outcome ours = train(strategy, strategy.rate, problem, example_weights_seed);
      CHECK(ours.score == doctest::Approx(row["published_score"].get<double>()).epsilon(1e-12));
      CHECK(std::abs(ours.loss - row["published_loss"].get<double>()) <= 0.5e-6);
      CHECK(std::abs(ours.loss - row["loss"].get<double>()) < 1e-12);
      CHECK(ours.epochs == row["epochs"]);
    }
  }
}

TEST_CASE("fresh problems differ by seed, and held-out points are scaled as the training's are") {
  const Problem one = fresh_problem(Pattern::moons, 1);
  const Problem other = fresh_problem(Pattern::moons, 2);
  CHECK(one.train.x(0, 0) != other.train.x(0, 0));
  CHECK(one.held_out.x.rows() == 1000);
  CHECK(one.train.x.array().minCoeff() == doctest::Approx(0.0));
  CHECK(one.train.x.array().maxCoeff() == doctest::Approx(1.0));
  CHECK(one.held_out.x.array().minCoeff() < 0.0);  // ten times as many reach further
  CHECK(one.held_out.x.array().maxCoeff() > 1.0);
}

TEST_CASE("every strategy gets its own best rate, and nothing depends on the number of workers") {
  FairPlan plan{.rates = {0.05, 0.4, 12.8}, .tuning_seeds = {1001}, .fresh_seeds = {1, 2, 3}};
  const Tuning tuning = tune(Pattern::moons, plan);
  const std::vector<Standing> alone = decide(Pattern::moons, Measure::held_out_loss, plan, tuning);
  plan.workers = 3;
  const std::vector<Standing> shared =
      decide(Pattern::moons, Measure::held_out_loss, plan, tune(Pattern::moons, plan));
  REQUIRE(alone.size() == strategies().size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    CAPTURE(strategies()[i].name);
    const double best = alone[i].tuning[alone[i].best];
    for (const double loss : alone[i].tuning) CHECK(best <= loss);
    CHECK(shared[i].best == alone[i].best);
    CHECK(values_of(shared[i].fresh, Measure::held_out_loss) ==
          values_of(alone[i].fresh, Measure::held_out_loss));
    CHECK(alone[i].verdict.tier.empty());  // three seeds tell nothing apart
    CHECK_FALSE(alone[i].verdict.tested);
  }
  CHECK(plan.rates[alone[0].best] == 0.4);   // constant
  CHECK(plan.rates[alone[3].best] == 12.8);  // invscaling
}

TEST_CASE("a rate beyond all numbers is a failure that is ranked last and not tested") {
  FairPlan plan{.rates = {1e300}, .tuning_seeds = {1001}, .fresh_seeds = {1, 2}};
  const std::vector<Standing> standings =
      decide(Pattern::circles, Measure::training_loss, plan, tune(Pattern::circles, plan));
  CHECK_FALSE(standings[1].verdict.tested);
  CHECK(std::isinf(standings[0].tuning[0]));
  CHECK(standings[1].verdict.p == 1.0);
}

TEST_CASE("the report says what agrees, what three seeds cannot say, and what diverged") {
  const FairPlan plan{.rates = {0.4, 1e300}, .tuning_seeds = {1001}, .fresh_seeds = {1, 2, 3}};
  std::vector<ProblemResults> results;
  for (const Pattern pattern : {Pattern::circles, Pattern::moons}) {
    ProblemResults r{.pattern = pattern, .tuning = tune(pattern, plan)};
    for (const Strategy& strategy : strategies()) {
      const auto [score, loss] = strategy.published(pattern);
      r.as_published.push_back({.loss = loss, .score = score, .epochs = 1});
    }
    r.by_training_loss = decide(pattern, Measure::training_loss, plan, r.tuning);
    r.by_held_out_loss = decide(pattern, Measure::held_out_loss, plan, r.tuning);
    results.push_back(std::move(r));
  }
  const auto says = [&](const char* words) {
    return sklearn_report(results, plan, "anneal-sklearn").find(words) != std::string::npos;
  };
  CHECK(says("All 14 published scores and losses come out to the last of their six decimals."));
  CHECK(says("With 3 fresh seeds nothing is tested. It takes 7 seeds."));
  CHECK(says("0.4 (edge)"));
  CHECK(says("diverged"));
  results[0].as_published[2].loss += 2e-6;
  CHECK(says("13 of 14 published scores and losses come out to the last of their six decimals."));

  const std::string csv = sklearn_csv(results, plan);  // 7 strategies: 1 + 2 + 3 + 3 lines
  CHECK(std::ranges::count(csv, '\n') == 1 + 2 * 7 * 9);
}
