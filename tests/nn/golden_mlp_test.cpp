// PyTorch's own numbers, made in float64 by its MLPs under its optimizers; see tests/golden.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nn/layers.h"
#include "optim/adam.h"
#include "optim/adamw.h"
#include "optim/sgd.h"

using namespace anneal;
using namespace anneal::nn;
using nlohmann::json;

namespace {

constexpr bool in_double = sizeof(Scalar) == sizeof(double);
constexpr double tolerance = in_double ? 1e-9 : 1e-4;

Tensor tensor(const json& values) {
  std::vector<Scalar> flat;
  if (!values[0].is_array()) {
    for (const double v : values) flat.push_back(static_cast<Scalar>(v));
    return {Shape{static_cast<Index>(flat.size())}, flat};
  }
  for (const json& row : values)
    for (const double v : row) flat.push_back(static_cast<Scalar>(v));
  return {Shape{static_cast<Index>(values.size()), static_cast<Index>(values[0].size())}, flat};
}

/// The largest difference, relative to the largest element or 1.
double difference(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  const double scale = std::max(1.0, static_cast<double>(b.array().abs().maxCoeff()));
  return static_cast<double>((a.array() - b.array()).abs().maxCoeff()) / scale;
}

Var activate(const std::string& name, Var x) {
  if (name == "relu") return relu(x);
  if (name == "tanh") return nn::tanh(x);
  if (name == "gelu") return gelu(x);
  if (name == "sigmoid") return sigmoid(x);
  if (name == "leaky_relu") return leaky_relu(x);
  if (name == "elu") return elu(x);
  if (name == "silu") return silu(x);
  REQUIRE(name == "softplus");
  return softplus(x);
}

optim::Optimizer optimizer(const json& c, const std::vector<Parameter*>& parameters) {
  const json& given = c["parameters_of_optimizer"];
  const std::vector<optim::Group> groups{{.parameters = parameters,
                                          .lr = given["lr"],
                                          .weight_decay = given.value("weight_decay", 0.0)}};
  if (c["optimizer"] == "sgd")
    return {optim::Sgd{.momentum = given.value("momentum", 0.0),
                       .nesterov = given.value("nesterov", false)},
            groups};
  if (c["optimizer"] == "adam") return {optim::Adam{}, groups};
  REQUIRE(c["optimizer"] == "adamw");
  return {optim::AdamW{}, groups};
}

}  // namespace

TEST_CASE("PyTorch's MLPs: logits, first gradients and every loss of the trajectory") {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/mlp.json");
  const json golden = json::parse(file);
  REQUIRE(golden["cases"].size() == 8);
  for (const json& c : golden["cases"]) {
    CAPTURE(c["id"].get<std::string>());
    const auto activation = c["activation"].get<std::string>();
    std::vector<std::unique_ptr<Linear>> layers;
    std::vector<Parameter*> parameters;
    Random random(0, Purpose::weights);
    for (const json& layer : c["initial"]) {
      const Tensor weight = tensor(layer["weight"]);
      layers.push_back(std::make_unique<Linear>(weight.shape()[1], weight.shape()[0], random));
      for (const auto& [name, p] : layers.back()->parameters()) {
        write_parameter(*p, tensor(layer[name]));
        parameters.push_back(p);
      }
    }
    const Tensor inputs = tensor(c["inputs"]);
    const std::vector<int> labels = c["labels"];
    optim::Optimizer steps = optimizer(c, parameters);
    Tape tape;
    for (std::size_t t = 0; t < c["losses"].size(); ++t) {
      tape.begin(Mode::training, t);
      Var x = tape.constant(inputs);
      for (std::size_t i = 0; i < layers.size(); ++i) {
        if (i > 0) x = activate(activation, x);
        x = layers[i]->forward(x);
      }
      const Var loss =
          softmax_cross_entropy(x, labels, static_cast<Scalar>(c["label_smoothing"].get<double>()));
      CAPTURE(t);
      CHECK(std::abs(static_cast<double>(loss.value()[0]) - c["losses"][t].get<double>()) <
            tolerance);
      tape.backward(loss);
      if (t == 0) {
        CHECK(difference(x.value(), tensor(c["first_logits"])) < tolerance);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
          Parameter gradient;  // to read the gradient in PyTorch's layout
          gradient.transposed = parameters[i]->transposed;
          gradient.value = parameters[i]->grad;
          const json& wanted = c["first_gradients"][i / 2][parameters[i]->name];
          CHECK(difference(read_parameter(gradient), tensor(wanted)) < tolerance);
        }
      }
      steps.step(1.0);
    }
  }
}
