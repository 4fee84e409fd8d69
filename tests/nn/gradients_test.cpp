#include <doctest/doctest.h>

#include "gradcheck.h"
#include "nn/layers.h"

using namespace anneal::nn;

namespace {

constexpr double tolerance = 1e-6;

/// One operation, and how to draw the shapes of its inputs.
struct Case {
  const char* name;
  std::function<std::vector<Shape>(Random&)> shapes;
  Function f;
  double low = -2.0, high = 2.0;
};

Index extent(Random& random, Index least = 1) {
  return least + static_cast<Index>(random.below(5));
}

std::vector<Shape> any_rank(Random& random) {
  std::vector<Index> extents(random.below(5));
  for (Index& e : extents) e = 1 + static_cast<Index>(random.below(3));
  return {Shape(extents)};
}
std::vector<Shape> two_equal(Random& random) {
  const Shape shape = any_rank(random)[0];
  return {shape, shape};
}
std::vector<Shape> matrix_and_row(Random& random) {
  const Index m = extent(random);
  return {Shape{extent(random), m}, random.below(2) == 0 ? Shape{m} : Shape{1, m}};
}
std::vector<Shape> row_and_matrix(Random& random) {
  const auto shapes = matrix_and_row(random);
  return {shapes[1], shapes[0]};
}
std::vector<Shape> matrix_and_number(Random& random) {
  return {Shape{extent(random), extent(random)}, random.below(2) == 0 ? Shape{} : Shape{1}};
}
std::vector<Shape> number_and_matrix(Random& random) {
  const auto shapes = matrix_and_number(random);
  return {shapes[1], shapes[0]};
}
std::vector<Shape> matrix(Random& random) {
  return {Shape{extent(random), extent(random)}};
}
std::vector<Shape> rank_three(Random& random) {
  return {Shape{extent(random), extent(random), extent(random)}};
}
std::vector<Shape> product(Random& random) {
  const Index k = extent(random);
  return {Shape{extent(random), k}, Shape{k, extent(random)}};
}
std::vector<Shape> folded_product(Random& random) {
  const Index k = extent(random);
  return {Shape{extent(random), 2, k}, Shape{k, extent(random)}};
}
std::vector<Shape> layer(Random& random) {
  const Index in = extent(random);
  const Index out = extent(random);
  return {Shape{extent(random), in}, Shape{in, out}, Shape{out}};
}
std::vector<Shape> normalized(Random& random) {
  const Index d = extent(random, 2);
  return {Shape{extent(random, 3), d}, Shape{d}, Shape{d}};
}

Function unary(Var (*op)(Var)) {
  return [op](Tape&, const std::vector<Var>& in) { return op(in[0]); };
}
Function binary(Var (*op)(Var, Var)) {
  return [op](Tape&, const std::vector<Var>& in) { return op(in[0], in[1]); };
}
Function layer_with(Activation activation) {
  return [activation](Tape&, const std::vector<Var>& in) {
    return linear(in[0], in[1], in[2], activation);
  };
}

/// Labels that outlive every pass of a check.
std::span<const int> labels_for(Var logits) {
  static const std::vector<int> labels{0, 1, 0, 0, 1, 1, 0, 1, 0};
  return std::span(labels).first(static_cast<std::size_t>(logits.value().rows()));
}
Function cross_entropy(double smoothing) {
  return [smoothing](Tape&, const std::vector<Var>& in) {
    return softmax_cross_entropy(in[0], labels_for(in[0]), smoothing);
  };
}

Var binary_cross_entropy(Tape& /*tape*/, const std::vector<Var>& in) {
  return sigmoid_cross_entropy(in[0], labels_for(in[0]));
}

std::vector<Case> all_cases() {
  std::vector<Case> cases{
      {"neg", any_rank, unary(neg)},
      {"exp", any_rank, unary(exp)},
      {"log", any_rank, unary(log), 0.1, 3.0},
      {"sqrt", any_rank, unary(sqrt), 0.1, 3.0},
      {"pow 3", any_rank, [](Tape&, auto& in) { return pow(in[0], 3); }},
      {"pow -1.5", any_rank, [](Tape&, auto& in) { return pow(in[0], -1.5); }, 0.2, 3.0},
      {"relu", any_rank, unary(relu)},
      {"leaky_relu", any_rank, [](Tape&, auto& in) { return leaky_relu(in[0], 0.2); }},
      {"elu", any_rank, [](Tape&, auto& in) { return elu(in[0], 0.7); }},
      {"gelu", any_rank, unary(gelu)},
      {"silu", any_rank, unary(silu)},
      {"sigmoid", any_rank, unary(sigmoid)},
      {"tanh", any_rank, unary(anneal::nn::tanh)},
      {"softplus", any_rank, unary(softplus)},
      {"sum", any_rank, unary(sum)},
      {"mean", any_rank, unary(mean)},
      {"reshape", matrix, [](Tape&, auto& in) { return reshape(in[0], {in[0].value().size()}); }},
      {"transpose", matrix, unary(transpose)},
      {"softmax", rank_three, unary(softmax)},
      {"log_softmax", rank_three, unary(log_softmax)},
      {"mse_loss", two_equal, binary(mse_loss)},
      {"matmul", product, binary(matmul)},
      {"matmul of rank 3", folded_product, binary(matmul)},
      {"linear", layer, layer_with(Activation::none)},
      {"linear relu", layer, layer_with(Activation::relu)},
      {"linear sigmoid", layer, layer_with(Activation::sigmoid)},
      {"linear tanh", layer, layer_with(Activation::tanh)},
      {"dropout", rank_three, [](Tape&, auto& in) { return dropout(in[0], 0.3); }},
      {"layer_norm", normalized, [](Tape&, auto& in) { return layer_norm(in[0], in[1], in[2]); }},
      {"batch_norm", normalized,
       [](Tape&, auto& in) {
         RunningStatistics unused{in[1].value(), in[1].value()};
         return batch_norm(in[0], in[1], in[2], unused);
       }},
      {"a value used twice", any_rank,
       [](Tape&, auto& in) { return add(mul(in[0], in[0]), anneal::nn::tanh(in[0])); }},
  };
  for (int axis = 0; axis < 3; ++axis) {
    cases.push_back(
        {"sum by axis", rank_three, [axis](Tape&, auto& in) { return sum(in[0], axis); }});
    cases.push_back(
        {"mean by axis", rank_three, [axis](Tape&, auto& in) { return mean(in[0], axis); }});
  }
  const auto two_columns = [](Random& random) {
    return std::vector<Shape>{Shape{extent(random), extent(random, 2)}};
  };
  cases.push_back({"softmax_cross_entropy", two_columns, cross_entropy(0.0)});
  cases.push_back({"softmax_cross_entropy, smoothed", two_columns, cross_entropy(0.2)});
  const auto one_column = [](Random& random) {
    return std::vector<Shape>{Shape{extent(random), 1}};
  };
  cases.push_back({"sigmoid_cross_entropy", one_column, binary_cross_entropy});
  for (const auto& shapes :
       {+two_equal, +matrix_and_row, +row_and_matrix, +matrix_and_number, +number_and_matrix}) {
    cases.push_back({"add", shapes, binary(add)});
    cases.push_back({"sub", shapes, binary(sub)});
    cases.push_back({"mul", shapes, binary(mul)});
    cases.push_back({"div", shapes, binary(anneal::nn::div), 0.3, 2.0});
  }
  return cases;
}

/// Checks a module: with respect to its input and to every parameter of its own.
double module_error(Module& module, const Shape& input, Random& random) {
  Parameter x = random_parameter(input, random, -2.0, 2.0);
  std::vector<Parameter*> all{&x};
  for (const auto& [name, p] : module.parameters()) {
    for (Index i = 0; i < p->value.size(); ++i) p->value[i] += random.uniform(-0.3, 0.3);
    all.push_back(p);
  }
  return gradient_error([&](Tape&, const std::vector<Var>& in) { return module.forward(in[0]); },
                        all);
}

}  // namespace

TEST_CASE("the gradient of every operation agrees with central differences, at random shapes") {
  for (const Case& c : all_cases()) {
    for (std::uint64_t draw = 0; draw < 6; ++draw) {
      Random random(draw, Purpose::samples, 1);
      std::vector<Parameter> inputs;
      std::string shapes;
      for (const Shape& shape : c.shapes(random)) {
        inputs.push_back(random_parameter(shape, random, c.low, c.high));
        shapes += shape.text() + " ";
      }
      std::vector<Parameter*> pointers;
      pointers.reserve(inputs.size());
      for (Parameter& p : inputs) pointers.push_back(&p);
      CAPTURE(c.name);
      CAPTURE(shapes);
      CHECK(gradient_error(c.f, pointers) < tolerance);
    }
  }
}

TEST_CASE("the gradient of every module agrees with central differences") {
  Random random(11, Purpose::weights);
  const auto elu_module = [](Var x) { return elu(x); };
  std::vector<std::pair<const char*, std::unique_ptr<Module>>> modules;
  const auto add_module = [&](const char* name, std::unique_ptr<Module> module) {
    modules.emplace_back(name, std::move(module));
  };
  add_module("Linear", std::make_unique<Linear>(4, 3, random));
  add_module("Linear with relu", std::make_unique<Linear>(4, 3, random, Activation::relu));
  add_module("Apply relu", std::make_unique<Apply>(relu));
  add_module("Apply elu", std::make_unique<Apply>(+elu_module));
  add_module("Dropout", std::make_unique<Dropout>(0.4));
  add_module("LayerNorm", std::make_unique<LayerNorm>(4));
  add_module("BatchNorm1d", std::make_unique<BatchNorm1d>(4));
  add_module("Flatten", std::make_unique<Flatten>());
  add_module("Sequential",
             std::unique_ptr<Module>(new Sequential{Linear(4, 6, random), gelu, LayerNorm(6),
                                                    Dropout(0.2), Linear(6, 2, random)}));
  for (const auto& named : modules) {
    CAPTURE(named.first);
    CHECK(module_error(*named.second, {5, 4}, random) < tolerance);
  }
}

TEST_CASE("the gradient check notices a wrong sign, a missing factor and a lost contribution") {
  const auto wrong = [](Scalar factor) {
    return [factor](Tape& tape, const std::vector<Var>& in) {
      const Var x = in[0];
      const Var y = tape.output(x.shape(), true);
      tape.value_of(y).array() = x.value().array().square();
      tape.record(y, [=](const Tensor& upstream) {
        const auto [grad, overwrite] = x.grad_target();
        grad.array() = factor * x.value().array() * upstream.array();
      });
      return y;
    };
  };
  Random random(5, Purpose::samples);
  Parameter x = random_parameter({3, 2}, random, 0.5, 2.0);
  CHECK(gradient_error(wrong(2), {&x}) < tolerance);
  CHECK(gradient_error(wrong(-2), {&x}) > 0.5);
  CHECK(gradient_error(wrong(1), {&x}) > 0.1);
  const auto twice = [&](Tape& tape, const std::vector<Var>& in) {
    const Var first = wrong(2)(tape, in);  // walked last, it overwrites what exp() contributed
    return add(first, exp(in[0]));
  };
  CHECK(gradient_error(twice, {&x}) > 0.1);
}
