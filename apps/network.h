#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nn/module.h"

namespace anneal::apps {

/// A multilayer perceptron, as the command line describes it.
struct NetworkOptions {
  std::vector<nn::Index> hidden = {512, 256};  ///< widths; none: a linear model
  std::string activation = "relu";             ///< one of activation_names()
  std::string norm = "none";                   ///< before each activation: none, batch or layer
  double dropout = 0.0;                        ///< probability, after each activation
};

std::vector<std::string> activation_names();

/// For each hidden layer Linear, norm, activation, dropout, then a last Linear; initial weights are
/// PyTorch's default, drawn from `seed`. Throws std::invalid_argument for a name it does not know.
std::unique_ptr<nn::Sequential> make_network(const NetworkOptions& options, nn::Index inputs,
                                             nn::Index classes, std::uint64_t seed);

/// "784-512-256-10"
std::string network_text(const NetworkOptions& options, nn::Index inputs, nn::Index classes);

}  // namespace anneal::apps
