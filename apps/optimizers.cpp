#include "apps/optimizers.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "apps/fail.h"
#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamw.h"
#include "optim/nadam.h"
#include "optim/radam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"

namespace anneal::apps {
namespace {

using Groups = std::vector<optim::Group>;

/// Which of the options a rule has, beside rate and weight decay.
struct Has {
  bool momentum = false, nesterov = false, betas = false, epsilon = false, amsgrad = false;
};

struct NamedOptimizer {
  std::string_view name;
  double lr;
  double usual_peak;
  Has has;
  optim::Optimizer (*make)(const OptimizerOptions&, Groups);
  void (*set)(optim::Optimizer&, const OptimizerOptions&);
  std::size_t (*slots)(const OptimizerOptions&);
};

/// An optimizer by the function that makes its rule.
template <auto rule>
constexpr NamedOptimizer named(std::string_view name, double lr, double usual_peak, Has has) {
  return {
      name,
      lr,
      usual_peak,
      has,
      [](const OptimizerOptions& o, Groups groups) {
        return optim::Optimizer(rule(o), std::move(groups));
      },
      [](optim::Optimizer& optimizer, const OptimizerOptions& o) { optimizer.set_rule(rule(o)); },
      [](const OptimizerOptions& o) { return rule(o).slots(); }};
}

/// A rule with the constants of Adam's family.
template <class Rule>
Rule with_moments(const OptimizerOptions& o) {
  Rule rule;
  rule.beta1 = o.beta1.value_or(rule.beta1);
  rule.beta2 = o.beta2.value_or(rule.beta2);
  rule.epsilon = o.epsilon.value_or(rule.epsilon);
  return rule;
}

optim::Sgd sgd(const OptimizerOptions& o) {
  return {.momentum = o.momentum.value_or(0.9), .nesterov = o.nesterov};
}
optim::Adam adam(const OptimizerOptions& o) {
  auto rule = with_moments<optim::Adam>(o);
  rule.amsgrad = o.amsgrad;
  return rule;
}
optim::AdamW adamw(const OptimizerOptions& o) {
  auto rule = with_moments<optim::AdamW>(o);
  rule.amsgrad = o.amsgrad;
  return rule;
}
optim::RmsProp rmsprop(const OptimizerOptions& o) {
  return {.epsilon = o.epsilon.value_or(1e-8), .momentum = o.momentum.value_or(0.0)};
}
optim::Adagrad adagrad(const OptimizerOptions& o) {
  return {.epsilon = o.epsilon.value_or(1e-10)};
}

constexpr Has adam_like{.betas = true, .epsilon = true};
constexpr std::array optimizers{
    named<sgd>("sgd", 0.1, 0.08, {.momentum = true, .nesterov = true}),
    named<adam>("adam", 1e-3, 0.0064, {.betas = true, .epsilon = true, .amsgrad = true}),
    named<adamw>("adamw", 1e-3, 0.0064, {.betas = true, .epsilon = true, .amsgrad = true}),
    named<rmsprop>("rmsprop", 1e-3, 0.0016, {.momentum = true, .epsilon = true}),
    named<adagrad>("adagrad", 1e-2, 0.032, {.epsilon = true}),
    named<with_moments<optim::NAdam>>("nadam", 1e-3, 0.0064, adam_like),
    named<with_moments<optim::RAdam>>("radam", 1e-3, 0.0064, adam_like),
};

const NamedOptimizer& optimizer_called(std::string_view name) {
  const auto* const found = std::ranges::find(optimizers, name, &NamedOptimizer::name);
  if (found == optimizers.end())
    fail(Fault::argument, "optimizer '" + std::string(name) + "' is not known");
  return *found;
}

void check_has(const NamedOptimizer& optimizer, const OptimizerOptions& o) {
  const auto refuse_unless = [&](bool has, bool given, const char* option) {
    if (given && !has) fail(Fault::argument, "optimizer '" + o.name + "' has no " + option);
  };
  refuse_unless(optimizer.has.momentum, o.momentum.has_value(), "--momentum");
  refuse_unless(optimizer.has.nesterov, o.nesterov, "--nesterov");
  refuse_unless(optimizer.has.betas, o.beta1.has_value(), "--beta1");
  refuse_unless(optimizer.has.betas, o.beta2.has_value(), "--beta2");
  refuse_unless(optimizer.has.epsilon, o.epsilon.has_value(), "--epsilon");
  refuse_unless(optimizer.has.amsgrad, o.amsgrad, "--amsgrad");
}

}  // namespace

std::vector<std::string> optimizer_names() {
  std::vector<std::string> names;
  std::ranges::transform(optimizers, std::back_inserter(names),
                         [](const NamedOptimizer& o) { return std::string(o.name); });
  return names;
}

double base_lr_of(const OptimizerOptions& options) {
  return options.lr.value_or(optimizer_called(options.name).lr);
}

double usual_peak_of(const OptimizerOptions& options) {
  const double peak = optimizer_called(options.name).usual_peak;
  if (options.name != "sgd") return peak;
  // A velocity of momentum m moves the weights by 1 / (1 - m) of a step in the long run.
  return peak * (1.0 - *momentum_of(options)) / (1.0 - 0.9);
}

std::optional<double> momentum_of(const OptimizerOptions& options) {
  if (!optimizer_called(options.name).has.momentum) return {};
  return options.momentum.value_or(options.name == "sgd" ? 0.9 : 0.0);
}
std::optional<double> beta1_of(const OptimizerOptions& options) {
  if (!optimizer_called(options.name).has.betas) return {};
  return options.beta1.value_or(0.9);
}
std::optional<double> beta2_of(const OptimizerOptions& options) {
  if (!optimizer_called(options.name).has.betas) return {};
  return options.beta2.value_or(0.999);
}

std::size_t slots_of(const OptimizerOptions& options) {
  return optimizer_called(options.name).slots(options);
}

optim::Optimizer make_optimizer(const OptimizerOptions& options,
                                std::vector<std::vector<nn::Parameter*>> groups) {
  const NamedOptimizer& named = optimizer_called(options.name);
  check_has(named, options);
  Groups all;
  for (auto& parameters : groups)
    all.push_back({.parameters = std::move(parameters),
                   .lr = base_lr_of(options),
                   .weight_decay = options.weight_decay});
  return named.make(options, std::move(all));
}

void set_constants(optim::Optimizer& optimizer, const OptimizerOptions& options) {
  optimizer_called(options.name).set(optimizer, options);
  optimizer.set_weight_decay(options.weight_decay);
}

}  // namespace anneal::apps
