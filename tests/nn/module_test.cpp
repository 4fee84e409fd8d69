#include "nn/module.h"

#include <doctest/doctest.h>

#include "nn/layers.h"
#include "tests/close.h"

using namespace anneal::nn;

TEST_CASE("parameters and buffers have PyTorch's names, order and shapes") {
  Random random(1, Purpose::weights);
  Sequential net{Flatten(), Linear(6, 4, random), BatchNorm1d(4), relu,
                 Sequential{Linear(4, 2, random)}};
  std::vector<std::string> names;
  std::vector<std::string> shapes;
  for (const auto& [name, p] : net.parameters()) {
    names.push_back(name);
    shapes.push_back(read_parameter(*p).shape().text());
  }
  CHECK(names == std::vector<std::string>{"1.weight", "1.bias", "2.weight", "2.bias", "4.0.weight",
                                          "4.0.bias"});
  CHECK(shapes == std::vector<std::string>{"(4, 6)", "(4)", "(4)", "(4)", "(2, 4)", "(2)"});
  REQUIRE(net.buffers().size() == 2);
  CHECK(net.buffers()[0].name == "2.running_mean");
  CHECK(net.buffers()[1].name == "2.running_var");
  CHECK(parameter_count(net) == 6 * 4 + 4 + 4 + 4 + 4 * 2 + 2);
}

TEST_CASE("a parameter is read and written in PyTorch's layout") {
  Random random(1, Purpose::weights);
  Linear layer(3, 2, random);
  Parameter& weight = *layer.parameters()[0].parameter;
  const Tensor theirs(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
  write_parameter(weight, theirs);
  CHECK(weight.value(0, 1) == 4);  // ours is (in, out)
  CHECK((read_parameter(weight).array() == theirs.array()).all());
  CHECK_THROWS_WITH(write_parameter(weight, Tensor(Shape{3, 2})),
                    "parameter 'weight': got (3, 2), wanted (2, 3)");
}

TEST_CASE("Flatten keeps the first extent") {
  Tape tape;
  Flatten flatten;
  CHECK(flatten.forward(tape.constant(Tensor(Shape{2, 3, 4}))).shape() == Shape{2, 12});
  CHECK(flatten.forward(tape.constant(Tensor(Shape{0, 3}))).shape() == Shape{0, 0});
}

TEST_CASE("BatchNorm1d: evaluation uses what training has seen, and changes nothing") {
  BatchNorm1d norm(1);
  Tape tape;
  const Tensor batch(Shape{4, 1}, {0, 2, 4, 6});  // mean 3, unbiased variance 20 / 3
  norm.forward(tape.constant(batch));
  const Tensor& mean = *norm.buffers()[0].value;
  const Tensor& variance = *norm.buffers()[1].value;
  CHECK(mean[0] == close(0.3, 1e-6));
  CHECK(variance[0] == close(0.9 + 0.1 * 20 / 3, 1e-6));
  const Scalar before = variance[0];
  tape.begin(Mode::evaluation);
  const Var y = norm.forward(tape.constant(batch));
  CHECK(y.value()[1] == close((2 - 0.3) / std::sqrt(0.9 + 2.0 / 3 + 1e-5), 1e-6));
  CHECK(variance[0] == before);
}

TEST_CASE("a layer that makes no sense is refused when it is built") {
  Random random(1, Purpose::weights);
  CHECK_THROWS_WITH(Linear(0, 3, random),
                    "Linear: 0 inputs and 3 outputs; wanted at least one of each");
  CHECK_THROWS_WITH(Dropout(-0.1), "Dropout: probability -0.100000 is not in [0, 1)");
}

TEST_CASE("Sequential takes layers by value, and functions") {
  Random random(1, Purpose::weights);
  Random again(1, Purpose::weights);
  Sequential by_value{Linear(3, 4, random), anneal::nn::tanh,
                      [](Var x) { return elu(x, Scalar(0.5)); },
                      Sequential{LayerNorm(4), Dropout(0.5)}, Linear(4, 2, random)};
  std::vector<std::unique_ptr<Module>> layers;
  layers.push_back(std::make_unique<Linear>(3, 4, again));
  layers.push_back(std::make_unique<Linear>(4, 2, again));
  const auto ours = by_value.parameters();
  REQUIRE(ours.size() == 6);
  CHECK(ours[2].name == "3.0.weight");
  for (const std::size_t i : {0UL, 4UL}) {
    const Tensor& theirs = layers[i / 4]->parameters()[0].parameter->value;
    CHECK((ours[i].parameter->value.array() == theirs.array()).all());
  }
  CHECK(by_value.children().size() == 5);
  // In parentheses the order of what is drawn would be the compiler's.
  static_assert(!std::is_constructible_v<Sequential, Linear, Linear>);
  static_assert(!std::is_constructible_v<Layer, Linear&>);  // nor is a layer copied
}

TEST_CASE("a layer that an optimizer points at cannot be moved any more") {
  Random random(1, Purpose::weights);
  Linear layer(2, 3, random);
  layer.parameters()[1].parameter->held = true;
  CHECK_THROWS_WITH_AS(
      Sequential({std::move(layer)}),
      "parameter 'bias' cannot be moved: an optimizer was made of it; make that last",
      std::logic_error);
}

TEST_CASE("accuracy: the largest logit, the first of equals") {
  const Tensor logits(Shape{4, 3}, {0, 1, 0, 2, 2, 1, 0, 0, 0, 1, 2, 3});
  CHECK(count_correct(logits, std::vector{1, 0, 0, 2}) == 4);
  CHECK(accuracy(logits, std::vector{1, 1, 0, 0}) == 0.5);
  CHECK_THROWS_WITH(accuracy(logits, std::vector{1, 1}),
                    "accuracy: logits of shape (4, 3) for 2 labels; wanted (labels, classes), two "
                    "classes at least");
  CHECK_THROWS(accuracy(Tensor(Shape{2, 1}), std::vector{0, 1}));
  CHECK_THROWS(accuracy(Tensor(Shape{0, 3}), std::vector<int>{}));
}

TEST_CASE("what is left of a layer that was moved cannot be used") {
  Random random(1, Purpose::weights);
  const char* const message =
      "a layer that was moved into a network is used: its parameters are there now";
  Linear layer(2, 3, random);
  Tape tape;
  const Var x = tape.constant(Tensor(Shape{1, 2}, 1));
  const Var before = sum(layer.forward(x));
  Sequential net{std::move(layer)};
  CHECK_THROWS_WITH_AS(layer.forward(x), message,
                       std::logic_error);  // NOLINT(bugprone-use-after-move)
  CHECK_THROWS_WITH_AS(before.backward(), message, std::logic_error);
  CHECK_THROWS_WITH_AS(
      tape.constant(Tensor(Shape{1, 2})),  // half a gradient is no pass to go on with
      "this pass has ended with backward(): tape.begin() starts the next", std::logic_error);
  tape.begin(Mode::training);
  sum(net.forward(tape.constant(Tensor(Shape{1, 2}, 1)))).backward();
  CHECK(net.parameters()[0].parameter->has_grad);
}

TEST_CASE("without a step, what is dropped differs from pass to pass; with one it is the step's") {
  Tape tape(3);
  const auto dropped = [&] {
    const Var y = dropout(tape.constant(Tensor(Shape{64}, 1)), 0.5);
    return std::vector<Scalar>(y.value().data(), y.value().data() + 64);
  };
  tape.begin(Mode::training);
  const auto one = dropped();
  tape.begin(Mode::training);
  CHECK(dropped() != one);
  tape.begin(Mode::training, 7);
  const auto seventh = dropped();
  tape.begin(Mode::training, 8);
  CHECK(dropped() != seventh);
  tape.begin(Mode::training, 7);
  CHECK(dropped() == seventh);
}
