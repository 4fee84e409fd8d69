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
  Has has;
  optim::Optimizer (*make)(const OptimizerOptions&, Groups);
};

/// A rule with the constants of Adam's family.
template <class Rule>
Rule with_moments(const OptimizerOptions& o) {
  Rule rule;
  rule.beta1 = o.beta1.value_or(rule.beta1);
  rule.beta2 = o.beta2.value_or(rule.beta2);
  rule.epsilon = o.epsilon.value_or(rule.epsilon);
  return rule;
}

optim::Optimizer make_sgd(const OptimizerOptions& o, Groups groups) {
  return {optim::Sgd{.momentum = o.momentum.value_or(0.9), .nesterov = o.nesterov},
          std::move(groups)};
}
optim::Optimizer make_adam(const OptimizerOptions& o, Groups groups) {
  auto rule = with_moments<optim::Adam>(o);
  rule.amsgrad = o.amsgrad;
  return {rule, std::move(groups)};
}
optim::Optimizer make_adamw(const OptimizerOptions& o, Groups groups) {
  auto rule = with_moments<optim::AdamW>(o);
  rule.amsgrad = o.amsgrad;
  return {rule, std::move(groups)};
}
optim::Optimizer make_nadam(const OptimizerOptions& o, Groups groups) {
  return {with_moments<optim::NAdam>(o), std::move(groups)};
}
optim::Optimizer make_radam(const OptimizerOptions& o, Groups groups) {
  return {with_moments<optim::RAdam>(o), std::move(groups)};
}
optim::Optimizer make_rmsprop(const OptimizerOptions& o, Groups groups) {
  return {optim::RmsProp{.epsilon = o.epsilon.value_or(1e-8), .momentum = o.momentum.value_or(0.0)},
          std::move(groups)};
}
optim::Optimizer make_adagrad(const OptimizerOptions& o, Groups groups) {
  return {optim::Adagrad{.epsilon = o.epsilon.value_or(1e-10)}, std::move(groups)};
}

constexpr Has adam_like{.betas = true, .epsilon = true};
constexpr std::array optimizers{
    NamedOptimizer{"sgd", 0.1, {.momentum = true, .nesterov = true}, make_sgd},
    NamedOptimizer{"adam", 1e-3, {.betas = true, .epsilon = true, .amsgrad = true}, make_adam},
    NamedOptimizer{"adamw", 1e-3, {.betas = true, .epsilon = true, .amsgrad = true}, make_adamw},
    NamedOptimizer{"rmsprop", 1e-3, {.momentum = true, .epsilon = true}, make_rmsprop},
    NamedOptimizer{"adagrad", 1e-2, {.epsilon = true}, make_adagrad},
    NamedOptimizer{"nadam", 1e-3, adam_like, make_nadam},
    NamedOptimizer{"radam", 1e-3, adam_like, make_radam},
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

double peak_lr(const OptimizerOptions& options) {
  return options.lr.value_or(optimizer_called(options.name).lr);
}

optim::Optimizer make_optimizer(const OptimizerOptions& options,
                                const std::vector<nn::Parameter*>& parameters) {
  const NamedOptimizer& named = optimizer_called(options.name);
  check_has(named, options);
  return named.make(
      options,
      {{.parameters = parameters, .lr = peak_lr(options), .weight_decay = options.weight_decay}});
}

}  // namespace anneal::apps
