// scikit-learn's published figures, and the data and weights behind them; see tests/golden.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/studies/numpy_random.h"
#include "apps/studies/sklearn_mlp.h"

using namespace anneal;
using namespace anneal::apps;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-14;

json golden() {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/sklearn_mlp.json");
  return json::parse(file);
}

Shape2d shape_of(const json& c) {
  return c["dataset"] == "circles" ? Shape2d::circles : Shape2d::moons;
}

}  // namespace

TEST_CASE("the two problems and the initial weights are scikit-learn's, number for number") {
  const json file = golden();
  REQUIRE(file["cases"].size() == 2);
  for (const json& c : file["cases"]) {
    const Points points = example_problem(shape_of(c)).train;
    CHECK(points.labels == c["y"].get<std::vector<int>>());
    double worst = 0.0;
    for (nn::Index row = 0; row < 100; ++row)
      for (nn::Index axis = 0; axis < 2; ++axis)
        worst = std::max(
            worst, std::abs(points.x(row, axis) -
                            c["X"][static_cast<std::size_t>(row)][static_cast<std::size_t>(axis)]
                                .get<double>()));
    MESSAGE(worst);
    CHECK(worst < tolerance);
  }
}

TEST_CASE("all fourteen published scores and losses are reproduced to six decimals") {
  const json file = golden();
  REQUIRE(file["cases"].size() == 2);
  for (const json& c : file["cases"]) {
    const Shape2d shape = shape_of(c);
    const Problem problem = example_problem(shape);
    REQUIRE(c["rows"].size() == strategies().size());
    for (std::size_t i = 0; i < strategies().size(); ++i) {
      const json& row = c["rows"][i];
      const Strategy& strategy = strategies()[i];
      CAPTURE(c["dataset"].get<std::string>());
      CAPTURE(strategy.name);
      CHECK(strategy.rate == row["learning_rate_init"]);
      CHECK(published(shape, i).score == row["published_score"]);
      CHECK(published(shape, i).loss == row["published_loss"]);

      const Outcome ours = train(strategy, strategy.rate, problem, example_weights_seed);
      CHECK(ours.score == doctest::Approx(row["published_score"].get<double>()).epsilon(1e-12));
      CHECK(std::abs(ours.loss - row["published_loss"].get<double>()) <= 0.5e-6);
      MESSAGE((ours.loss - row["loss"].get<double>()));
      CHECK(ours.epochs == row["epochs"]);
    }
  }
}
