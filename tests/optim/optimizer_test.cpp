#include "optim/optimizer.h"

#include <doctest/doctest.h>
#include <omp.h>

#include <cmath>

#include "nn/autograd/random.h"
#include "nn/layers.h"
#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamw.h"
#include "optim/classical_momentum.h"
#include "optim/nadam.h"
#include "optim/radam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#include "tests/close.h"

using namespace anneal;
using namespace anneal::optim;

namespace {

nn::Parameter parameter(std::vector<Scalar> values, Scalar gradient = 1) {
  nn::Parameter p;
  p.name = "0.weight";
  const nn::Shape shape{static_cast<Index>(values.size())};
  p.value = nn::Tensor(shape, values);
  p.grad = nn::Tensor(shape, gradient);
  p.has_grad = true;
  return p;
}

}  // namespace

TEST_CASE("groups have rates and weight decays of their own, and share the factor") {
  nn::Parameter a = parameter({1, 2});
  nn::Parameter b = parameter({1});
  Optimizer optimizer(Sgd{}, {{.parameters = {&a}, .lr = 0.5},
                              {.parameters = {&b}, .lr = 2.0, .weight_decay = 0.25}});
  optimizer.step(0.5);
  CHECK(a.value[0] == close(1 - 0.25 * 1, 1e-6));
  CHECK(a.value[1] == close(2 - 0.25 * 1, 1e-6));
  CHECK(b.value[0] == close(1 - 1.0 * (1 + 0.25 * 1), 1e-6));
  CHECK(!a.has_grad);
  CHECK(optimizer.steps() == 1);
}

TEST_CASE("an optimizer of a whole network: one group, and names that errors use") {
  nn::Random random(1, nn::Purpose::weights);
  nn::Sequential net{nn::Linear(2, 3, random), nn::relu, nn::Linear(3, 1, random)};
  Optimizer optimizer(Sgd{}, net, {.lr = 0.5, .weight_decay = 0.1});
  CHECK_THROWS_WITH(optimizer.step(1.0), "step: no gradient reached parameter '0.weight'");
  for (nn::Parameter* p : parameters_of(net)) {
    p->value.array().setConstant(1);
    p->grad = nn::Tensor(p->value.shape(), 2);
    p->has_grad = true;
  }
  optimizer.step(0.2);
  for (nn::Parameter* p : parameters_of(net)) {
    CHECK(p->held);
    for (Index i = 0; i < p->value.size(); ++i)
      CHECK(p->value[i] == close(1 - 0.1 * (2 + 0.1 * 1), 1e-6));
  }
  CHECK_THROWS_WITH(Optimizer(Sgd{}, net, {.lr = -1.0}), doctest::Contains("lr"));
  CHECK_THROWS_WITH_AS(
      nn::Sequential({std::move(dynamic_cast<nn::Linear&>(*net.children()[0]))}),
      "parameter '0.weight' cannot be moved: an optimizer was made of it; make that last",
      std::logic_error);
  for (nn::Parameter* p : parameters_of(net)) p->has_grad = true;
  optimizer.zero_grad();
  for (nn::Parameter* p : parameters_of(net)) CHECK(!p->has_grad);
  nn::Linear layer(2, 3, random);
  nn::Parameter* const early = layer.parameters()[0].parameter;
  const nn::Sequential moved{std::move(layer)};
  CHECK_THROWS_WITH(Optimizer(Sgd{}, {{.parameters = {early}, .lr = 0.1}}),
                    "parameter 'weight' was moved into a network: make the optimizer of that");
}

TEST_CASE("each group can have a factor of its own, and the weight decay can change") {
  nn::Parameter a = parameter({1});
  nn::Parameter b = parameter({1});
  Optimizer optimizer(Sgd{}, {{.parameters = {&a}, .lr = 1.0}, {.parameters = {&b}, .lr = 1.0}});
  optimizer.set_weight_decay(0.5);
  optimizer.step(std::array{0.1, 0.0});
  CHECK(a.value[0] == close(1 - 0.1 * (1 + 0.5 * 1), 1e-6));
  CHECK(b.value[0] == 1);
  CHECK_THROWS_WITH(optimizer.step(std::array{0.1}), "step: 1 factors for 2 groups");
  CHECK_THROWS(optimizer.set_weight_decay(-1.0));
}

TEST_CASE("a step without a gradient names the parameter and changes nothing") {
  nn::Parameter a = parameter({1});
  nn::Parameter b = parameter({1});
  b.name = "2.bias";
  b.has_grad = false;
  Optimizer optimizer(Adam{}, {{.parameters = {&a, &b}, .lr = 0.1}});
  CHECK_THROWS_WITH(optimizer.step(1.0), "step: no gradient reached parameter '2.bias'");
  CHECK(a.value[0] == 1);
  CHECK(optimizer.steps() == 0);
}

TEST_CASE("classical momentum is sgd's under a constant rate") {
  for (const bool nesterov : {false, true}) {
    nn::Parameter a = parameter({1, -2});
    nn::Parameter b = parameter({1, -2});
    Optimizer inside(ClassicalMomentum{.momentum = 0.75, .nesterov = nesterov},
                     {{.parameters = {&a}, .lr = 0.25, .weight_decay = 0.5}});
    Optimizer outside(Sgd{.momentum = 0.75, .nesterov = nesterov},
                      {{.parameters = {&b}, .lr = 0.25, .weight_decay = 0.5}});
    for (int t = 0; t < 5; ++t) {
      inside.step(1.0);
      outside.step(1.0);
      for (Index i = 0; i < 2; ++i) CHECK(a.value[i] == close(b.value[i], 1e-6));
      a.has_grad = b.has_grad = true;
    }
  }
}

TEST_CASE("classical momentum travels at the rates at which it gathered speed") {
  // Gradients 1 and 0 under the rates 1 and 0: the velocity goes on, where sgd stands still.
  const auto after = [](const auto& rule) {
    nn::Parameter p = parameter({0});
    Optimizer optimizer(rule, {{.parameters = {&p}, .lr = 1.0}});
    optimizer.step(1.0);
    p.grad[0] = 0;
    p.has_grad = true;
    optimizer.step(0.0);
    return p.value[0];
  };
  CHECK(after(Sgd{.momentum = 0.5}) == -1);
  CHECK(after(ClassicalMomentum{.momentum = 0.5}) == -1 - Scalar(0.5));
  CHECK(after(Sgd{.momentum = 0.5, .nesterov = true}) == Scalar(-1.5));
  CHECK(after(ClassicalMomentum{.momentum = 0.5, .nesterov = true}) == Scalar(-1.5 - 0.25));
}

TEST_CASE("adam's epsilon hat is added to the uncorrected root") {
  // A first gradient of 1 makes the corrected moments 1, and the uncorrected second one 0.001.
  const auto after = [](const Adam& rule) {
    nn::Parameter p = parameter({0});
    Optimizer optimizer(rule, {{.parameters = {&p}, .lr = 1.0}});
    optimizer.step(1.0);
    return p.value[0];
  };
  CHECK(after({.epsilon = 0.5}) == close(-1.0 / (1.0 + 0.5), 1e-6));
  CHECK(after({.epsilon = 0.5, .epsilon_hat = true}) ==
        close(-1.0 / (1.0 + 0.5 / std::sqrt(0.001)), 1e-6));
}

TEST_CASE("constants, rates and groups that make no sense are refused") {
  nn::Parameter p = parameter({1});
  const auto with = [&](const auto& rule, double lr = 0.1, double decay = 0.0) {
    return Optimizer(rule, {{.parameters = {&p}, .lr = lr, .weight_decay = decay}});
  };
  CHECK_THROWS_WITH(with(Sgd{.momentum = 1.0}), "sgd: momentum is 1; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(Sgd{.nesterov = true}),
                    "sgd: nesterov wants a momentum above 0 and no dampening");
  CHECK_THROWS_WITH(with(Sgd{.momentum = 0.9, .dampening = 0.1, .nesterov = true}),
                    "sgd: nesterov wants a momentum above 0 and no dampening");
  CHECK_THROWS_WITH(with(Sgd{.momentum = 0.9, .dampening = -1}),
                    "sgd: dampening is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(ClassicalMomentum{.momentum = 1.0}),
                    "classical_momentum: momentum is 1; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(Adam{.epsilon = -1}), "adam: epsilon is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(RmsProp{.momentum = 1}), "rmsprop: momentum is 1; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(Adagrad{.initial_accumulator = -1}),
                    "adagrad: initial_accumulator is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(Adam{.beta1 = -0.1}), "adam: beta1 is -0.1; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(AdamW{.beta2 = 1.0}), "adamw: beta2 is 1; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(NAdam{.epsilon = -1}),
                    "nadam: epsilon is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(RAdam{.epsilon = std::nan("")}),
                    "radam: epsilon is nan; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(RmsProp{.alpha = 2}), "rmsprop: alpha is 2; wanted in [0, 1)");
  CHECK_THROWS_WITH(with(Adagrad{.lr_decay = -1}),
                    "adagrad: lr_decay is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(Sgd{}, -1.0), "lr is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(with(Sgd{}, 0.1, -1.0), "weight_decay is -1; wanted finite and at least 0");
  CHECK_THROWS_WITH(
      Optimizer(Sgd{}, {{.parameters = {&p}, .lr = 1}, {.parameters = {&p}, .lr = 2}}),
      "parameter '0.weight' is given twice");
  Optimizer optimizer = with(Sgd{});
  CHECK_THROWS_WITH(optimizer.step(-1.0), "factor is -1; wanted finite and at least 0");
}

TEST_CASE("a constant of the rule can follow a schedule") {
  nn::Parameter p = parameter({0});
  Optimizer optimizer(Sgd{.momentum = 0.5}, {{.parameters = {&p}, .lr = 1.0}});
  optimizer.step(1.0);  // v = 1, w = -1
  optimizer.set_rule(Sgd{.momentum = 0.25});
  p.has_grad = true;
  optimizer.step(1.0);  // v = 1.25
  CHECK(p.value[0] == Scalar(-2.25));
  optimizer.set_rule(Sgd{});  // no momentum: v is g, whatever it was
  p.has_grad = true;
  optimizer.step(1.0);
  CHECK(p.value[0] == Scalar(-3.25));
  optimizer.set_rule(Sgd{.momentum = 0.5});
  p.has_grad = true;
  optimizer.step(1.0);
  CHECK(p.value[0] == Scalar(-4.75));
  CHECK_THROWS_WITH(optimizer.set_rule(Adam{}),
                    "the rule remembers 2 numbers of each weight; this optimizer has kept 1");
}

TEST_CASE("every element of every parameter sees its own gradient and keeps its own slots") {
  const Index n = 50'001;  // several slices, the last one short
  nn::Parameter a = parameter(std::vector<Scalar>(n, 0));
  nn::Parameter b = parameter(std::vector<Scalar>(n, 0));
  Optimizer optimizer(Sgd{.momentum = 0.5}, {{.parameters = {&a, &b}, .lr = 1.0}});
  for (int t = 0; t < 2; ++t) {
    for (Index i = 0; i < n; ++i) {
      a.grad[i] = static_cast<Scalar>(i);
      b.grad[i] = static_cast<Scalar>(-2 * i);
    }
    a.has_grad = b.has_grad = true;
    optimizer.step(1.0);
  }
  for (Index i = 0; i < n; ++i) {  // v is g, then 1.5 g
    REQUIRE(a.value[i] == static_cast<Scalar>(-2.5 * static_cast<double>(i)));
    REQUIRE(b.value[i] == static_cast<Scalar>(5.0 * static_cast<double>(i)));
  }
}

TEST_CASE("adagrad starts from its initial accumulator, and centered rmsprop stays finite") {
  nn::Parameter p = parameter({0});
  Optimizer adagrad(Adagrad{.initial_accumulator = 3}, {{.parameters = {&p}, .lr = 1.0}});
  adagrad.step(1.0);
  CHECK(p.value[0] == close(-0.5, 1e-6));  // 1 / sqrt(3 + 1)
  nn::Parameter q = parameter({0});
  Optimizer centered(RmsProp{.centered = true}, {{.parameters = {&q}, .lr = 1e-6}});
  nn::Random random(1, nn::Purpose::samples);
  for (int t = 0; t < 5000; ++t) {  // a gradient with next to no variance
    q.grad[0] = static_cast<Scalar>(1 + 1e-3 * random.normal());
    q.has_grad = true;
    centered.step(1.0);
  }
  CHECK(std::isfinite(static_cast<double>(q.value[0])));
}

TEST_CASE("an update has the same bits on any number of threads") {
  const int before = omp_get_max_threads();
  const Index n = 100'003;
  std::vector<Scalar> first;
  for (const int threads : {1, 2, 3, 4}) {
    omp_set_num_threads(threads);
    nn::Parameter p = parameter(std::vector<Scalar>(n, 1));
    Optimizer optimizer(Adam{}, {{.parameters = {&p}, .lr = 0.01, .weight_decay = 0.1}});
    nn::Random random(1, nn::Purpose::samples);
    for (int t = 0; t < 3; ++t) {
      for (Index i = 0; i < n; ++i) p.grad[i] = static_cast<Scalar>(random.uniform(-1, 1));
      p.has_grad = true;
      optimizer.step(1.0);
    }
    const std::vector<Scalar> values(p.value.data(), p.value.data() + n);
    if (first.empty()) first = values;
    CHECK(values == first);
  }
  omp_set_num_threads(before);
}
