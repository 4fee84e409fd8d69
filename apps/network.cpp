#include "apps/network.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "apps/fail.h"
#include "nn/layers.h"

namespace anneal::apps {
namespace {

struct NamedActivation {
  std::string_view name;
  nn::Var (*function)(nn::Var);
};

constexpr std::array activations{
    NamedActivation{"relu", nn::relu},
    NamedActivation{"leaky_relu", [](nn::Var x) { return nn::leaky_relu(x); }},
    NamedActivation{"elu", [](nn::Var x) { return nn::elu(x); }},
    NamedActivation{"gelu", nn::gelu},
    NamedActivation{"silu", nn::silu},
    NamedActivation{"sigmoid", nn::sigmoid},
    NamedActivation{"tanh", nn::tanh},
    NamedActivation{"softplus", nn::softplus},
};

nn::Var (*activation_called(std::string_view name))(nn::Var) {
  const auto* const found = std::ranges::find(activations, name, &NamedActivation::name);
  if (found == activations.end())
    fail(Fault::argument, "activation '" + std::string(name) + "' is not known");
  return found->function;
}

std::unique_ptr<nn::Module> make_norm(const std::string& name, nn::Index features) {
  if (name == "batch") return std::make_unique<nn::BatchNorm1d>(features);
  if (name == "layer") return std::make_unique<nn::LayerNorm>(features);
  fail(Fault::argument, "norm '" + name + "' is not one of none, batch, layer");
}

}  // namespace

std::vector<std::string> activation_names() {
  std::vector<std::string> names;
  std::ranges::transform(activations, std::back_inserter(names),
                         [](const NamedActivation& a) { return std::string(a.name); });
  return names;
}

std::unique_ptr<nn::Sequential> make_network(const NetworkOptions& options, nn::Index inputs,
                                             nn::Index classes, std::uint64_t seed) {
  std::vector<std::unique_ptr<nn::Module>> modules;
  nn::Random random(seed, nn::Purpose::weights);
  nn::Index width = inputs;
  for (const nn::Index next : options.hidden) {
    modules.push_back(std::make_unique<nn::Linear>(width, next, random));
    width = next;
    if (options.norm != "none") modules.push_back(make_norm(options.norm, width));
    modules.push_back(std::make_unique<nn::Apply>(activation_called(options.activation)));
    if (options.dropout > 0.0) modules.push_back(std::make_unique<nn::Dropout>(options.dropout));
  }
  modules.push_back(std::make_unique<nn::Linear>(width, classes, random));
  return std::make_unique<nn::Sequential>(std::move(modules));
}

std::string network_text(const NetworkOptions& options, nn::Index inputs, nn::Index classes) {
  std::string text = std::to_string(inputs) + "-";
  for (const nn::Index width : options.hidden) text += std::to_string(width) + "-";
  return text + std::to_string(classes);
}

}  // namespace anneal::apps
