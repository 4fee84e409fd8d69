// PyTorch's own trajectories, made in float64; see tests/golden.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamw.h"
#include "optim/nadam.h"
#include "optim/radam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"

using namespace anneal;
using namespace anneal::optim;
using nlohmann::json;

namespace {

constexpr double tolerance = sizeof(Scalar) == sizeof(double) ? 1e-10 : 2e-5;

Optimizer make(const std::string& name, const json& given, std::vector<Group> groups) {
  const auto number = [&](const char* key, double otherwise) {
    return given.value(key, otherwise);
  };
  const auto flag = [&](const char* key) { return given.value(key, false); };
  const auto betas = given.value("betas", std::vector<double>{0.9, 0.999});
  if (name == "sgd")
    return {Sgd{.momentum = number("momentum", 0.0),
                .dampening = number("dampening", 0.0),
                .nesterov = flag("nesterov")},
            std::move(groups)};
  if (name == "adam")
    return {Adam{.beta1 = betas[0],
                 .beta2 = betas[1],
                 .epsilon = number("eps", 1e-8),
                 .amsgrad = flag("amsgrad")},
            std::move(groups)};
  if (name == "adamw")
    return {AdamW{.beta1 = betas[0],
                  .beta2 = betas[1],
                  .epsilon = number("eps", 1e-8),
                  .amsgrad = flag("amsgrad")},
            std::move(groups)};
  if (name == "rmsprop")
    return {RmsProp{.alpha = number("alpha", 0.99),
                    .momentum = number("momentum", 0.0),
                    .centered = flag("centered")},
            std::move(groups)};
  if (name == "adagrad") return {Adagrad{.lr_decay = number("lr_decay", 0.0)}, std::move(groups)};
  if (name == "nadam") return {NAdam{.mu_twice = true}, std::move(groups)};  // made by 1.13
  REQUIRE(name == "radam");
  return {RAdam{}, std::move(groups)};
}

}  // namespace

TEST_CASE("nadam: the paper's first two steps, by hand") {
  nn::Parameter p;
  p.value = nn::Tensor(nn::Shape{1}, 1);
  p.grad = nn::Tensor(nn::Shape{1});
  Optimizer optimizer(NAdam{}, {{.parameters = {&p}, .lr = 0.01}});
  const auto mu = [](int t) { return 0.9 * (1 - 0.5 * std::pow(0.96, 0.004 * t)); };
  double w = 1.0, m = 0.0, v = 0.0, product = 1.0;
  for (int t = 1; t <= 2; ++t) {
    const double g = t == 1 ? 0.5 : -0.25;
    product *= mu(t);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double ahead =
        mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product);
    w -= 0.01 * ahead / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    p.grad[0] = static_cast<Scalar>(g);
    p.has_grad = true;
    optimizer.step(1.0);
    CHECK(std::abs(static_cast<double>(p.value[0]) - w) < tolerance);
  }
}

TEST_CASE("every optimizer takes the steps that PyTorch's takes") {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/optimizers.json");
  const json golden = json::parse(file);
  REQUIRE(golden["cases"].size() == 14);
  for (const json& c : golden["cases"]) {
    CAPTURE(c["id"].get<std::string>());
    const json& given = c["parameters_of_optimizer"];
    const auto name = c["optimizer"].get<std::string>();
    const auto n = static_cast<Index>(c["initial"].size());
    nn::Parameter p;
    p.value = nn::Tensor({n});
    for (Index i = 0; i < n; ++i)
      p.value[i] = static_cast<Scalar>(c["initial"][static_cast<std::size_t>(i)].get<double>());
    p.grad = p.value;
    // PyTorch's AdamW decays by 0.01 unless told otherwise.
    const double decay = given.value("weight_decay", name == "adamw" ? 0.01 : 0.0);
    Optimizer optimizer =
        make(name, given, {{.parameters = {&p}, .lr = 1.0, .weight_decay = decay}});
    for (std::size_t t = 0; t < c["lr"].size(); ++t) {
      CAPTURE(t);
      for (Index i = 0; i < n; ++i)
        p.grad[i] =
            static_cast<Scalar>(c["gradients"][t][static_cast<std::size_t>(i)].get<double>());
      p.has_grad = true;
      optimizer.step(c["lr"][t].get<double>());  // the base rate is 1, so the factor is the rate
      for (Index i = 0; i < n; ++i) {
        const double wanted = c["parameters"][t][static_cast<std::size_t>(i)];
        CHECK(std::abs(static_cast<double>(p.value[i]) - wanted) <
              tolerance * std::max(1.0, std::abs(wanted)));
      }
    }
  }
}
