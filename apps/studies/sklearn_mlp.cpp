#include "apps/studies/sklearn_mlp.h"

#include <array>
#include <cmath>
#include <limits>

#include "apps/studies/numpy_random.h"
#include "nn/layers.h"
#include "optim/adam.h"
#include "optim/classical_momentum.h"
#include "optim/sgd.h"
#include "sched/parse.h"

namespace anneal::apps {
namespace {

constexpr nn::Index hidden = 100;
constexpr double alpha = 1e-4;  // of the L2 penalty
constexpr int most_epochs = 400;
constexpr double infinite = std::numeric_limits<double>::infinity();

constexpr std::string_view constant = "constant";
/// Divided by the root of the samples seen, of which there are 100 in an epoch.
constexpr std::string_view invscaling =
    "sklearn.MLP.invscaling(learning_rate_init=1, n_samples=100)";

constexpr std::array all_strategies{
    Strategy{"constant", constant, Rule::sgd, 0.2, {0.84, 0.601052}, {0.85, 0.341523}},
    Strategy{
        "constant + momentum", constant, Rule::momentum, 0.2, {0.94, 0.157334}, {0.85, 0.336188}},
    Strategy{
        "constant + Nesterov", constant, Rule::nesterov, 0.2, {0.94, 0.154453}, {0.85, 0.335919}},
    Strategy{"invscaling", invscaling, Rule::sgd, 0.2, {0.50, 0.692470}, {0.50, 0.689015}},
    Strategy{"invscaling + momentum",
             invscaling,
             Rule::momentum,
             0.2,
             {0.50, 0.689751},
             {0.83, 0.513034}},
    Strategy{"invscaling + Nesterov",
             invscaling,
             Rule::nesterov,
             0.2,
             {0.50, 0.689143},
             {0.83, 0.512595}},
    Strategy{"Adam", constant, Rule::adam, 0.01, {0.94, 0.150527}, {0.93, 0.170087}},
};

optim::Optimizer make_optimizer(Rule rule, double rate, nn::Module& network) {
  switch (rule) {
    case Rule::sgd: return {optim::Sgd{}, network, {rate}};
    case Rule::momentum: return {optim::ClassicalMomentum{.momentum = 0.9}, network, {rate}};
    case Rule::nesterov:
      return {optim::ClassicalMomentum{.momentum = 0.9, .nesterov = true}, network, {rate}};
    case Rule::adam: break;
  }
  return {optim::Adam{.epsilon_hat = true}, network, {rate}};
}

/// Cross-entropy + alpha / (2 n) * the sum of squares of the weights, not of the biases.
nn::Var objective(nn::Tape& tape, nn::Module& network, const Points& points) {
  nn::Var loss = sigmoid_cross_entropy(network.forward(tape.constant(points.x)), points.labels);
  const double strength = alpha / (2.0 * static_cast<double>(points.labels.size()));
  for (const auto& [name, parameter] : network.parameters()) {
    if (parameter->value.shape().rank() != 2) continue;
    const nn::Var weight = tape.watch(*parameter);
    loss = loss + strength * sum(weight * weight);
  }
  return loss;
}

/// Ends a training when more than 10 epochs in a row were not 1e-4 below the best loss before.
class Patience {
 public:
  bool is_over(double loss) {
    stalled_ = loss > best_ - 1e-4 ? stalled_ + 1 : 0;
    best_ = std::min(best_, loss);
    return stalled_ > 10;
  }

 private:
  double best_ = infinite;
  int stalled_ = 0;
};

double or_infinite(double loss) {
  if (std::isfinite(loss)) return loss;
  return infinite;
}

struct Evaluation {
  double loss, score;
};
Evaluation evaluate(nn::Tape& tape, nn::Module& network, const Points& points) {
  tape.begin(nn::Mode::evaluation);
  const nn::Var logits = network.forward(tape.constant(points.x));
  double right = 0.0;
  for (nn::Index i = 0; i < logits.value().size(); ++i)
    right += (logits.value()[i] > 0.0) == (points.labels[static_cast<std::size_t>(i)] == 1);
  return {sigmoid_cross_entropy(logits, points.labels).value()[0],
          right / static_cast<double>(points.labels.size())};
}

}  // namespace

std::span<const Strategy> strategies() {
  return all_strategies;
}

Problem example_problem(Pattern pattern) {
  Problem problem{.train = make_points(pattern, 100, pattern == Pattern::circles ? 1 : 0),
                  .held_out = {}};
  MinMaxScaler(problem.train.x).transform(problem.train.x);
  return problem;
}

Problem fresh_problem(Pattern pattern, std::uint32_t seed) {
  // Far from the seeds of the weights and from each other: no stream serves two purposes.
  Problem problem{.train = make_points(pattern, 100, 1'000'000 + seed),
                  .held_out = make_points(pattern, 1000, 2'000'000 + seed)};
  const MinMaxScaler scaler(problem.train.x);
  scaler.transform(problem.train.x);
  scaler.transform(problem.held_out.x);
  return problem;
}

std::unique_ptr<nn::Module> make_network(std::uint32_t weights_seed) {
  nn::Random unused(0, nn::Purpose::weights);
  auto network = std::unique_ptr<nn::Sequential>(new nn::Sequential{
      nn::Linear(2, hidden, unused, nn::Activation::relu), nn::Linear(hidden, 1, unused)});
  NumpyRandom random(weights_seed);
  double bound = 0.0;
  for (const auto& [name, parameter] : network->parameters()) {
    nn::Tensor& value = parameter->value;
    const nn::Shape& shape = value.shape();
    if (shape.rank() == 2)  // a layer's weight; its bias follows
      bound = std::sqrt(6.0 / static_cast<double>(shape[0] + shape[1]));
    for (nn::Index i = 0; i < value.size(); ++i) value[i] = random.uniform(-bound, bound);
  }
  return network;
}

Outcome train(const Strategy& strategy, double rate, const Problem& problem,
              std::uint32_t weights_seed) {
  const std::unique_ptr<nn::Module> made = make_network(weights_seed);
  nn::Module& network = *made;
  optim::Optimizer optimizer = make_optimizer(strategy.rule, rate, network);
  const sched::Schedule schedule = sched::parse(strategy.schedule);

  Outcome outcome;
  nn::Tape tape;
  Patience patience;
  for (int epoch = 0; epoch < most_epochs; ++epoch) {
    tape.begin(nn::Mode::training);
    const nn::Var loss = objective(tape, network, problem.train);
    outcome.loss = loss.value()[0];
    if (!std::isfinite(outcome.loss)) break;
    outcome.epochs = epoch + 1;
    tape.backward(loss);
    optimizer.step(schedule(sched::Clock::at(epoch, most_epochs)));
    if (patience.is_over(outcome.loss)) break;
  }
  outcome.loss = or_infinite(outcome.loss);
  outcome.score = evaluate(tape, network, problem.train).score;
  if (problem.held_out.labels.empty()) return outcome;
  const Evaluation held_out = evaluate(tape, network, problem.held_out);
  outcome.held_out_loss = or_infinite(held_out.loss);
  outcome.held_out_score = held_out.score;
  return outcome;
}

}  // namespace anneal::apps
