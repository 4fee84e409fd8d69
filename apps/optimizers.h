#pragma once
#include <optional>
#include <string>
#include <vector>

#include "optim/optimizer.h"

namespace anneal::apps {

/// An optimizer, as the command line describes it. What is not given is the rule's own default.
struct OptimizerOptions {
  std::string name = "adam";      ///< one of optimizer_names()
  std::optional<double> lr = {};  ///< see base_lr_of()
  double weight_decay = 0.0;
  std::optional<double> momentum = {};  ///< of sgd (0.9) and rmsprop (0)
  bool nesterov = false;                ///< of sgd
  std::optional<double> beta1 = {}, beta2 = {}, epsilon = {};
  bool amsgrad = false;  ///< of adam and adamw
};

std::vector<std::string> optimizer_names();

/// The rate at factor 1: as given, else one to start from, 0.1 for sgd and 1e-3 for most others.
double base_lr_of(const OptimizerOptions& options);

/// Where a search for the best peak begins: what the rule takes on the default network in one
/// epoch, by measurement; sgd's, in proportion to 1 - momentum.
double usual_peak_of(const OptimizerOptions& options);

/// The constants in force, as given or else the rule's own default; none where the rule has no such
/// thing.
std::optional<double> momentum_of(const OptimizerOptions& options);
std::optional<double> beta1_of(const OptimizerOptions& options);
std::optional<double> beta2_of(const OptimizerOptions& options);

/// How many numbers the rule remembers of each parameter.
std::size_t slots_of(const OptimizerOptions& options);

/// The groups have the rate and the weight decay of the options. Throws std::invalid_argument for
/// an unknown name, and for an option that the rule does not have.
optim::Optimizer make_optimizer(const OptimizerOptions& options,
                                std::vector<std::vector<nn::Parameter*>> groups);
/// The rule's constants and the weight decay, from the next step on.
void set_constants(optim::Optimizer& optimizer, const OptimizerOptions& options);

}  // namespace anneal::apps
