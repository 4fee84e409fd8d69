#include "apps/train_presets.h"

#include <algorithm>

namespace anneal::apps {

const std::vector<TrainPreset>& train_presets() {
  static const std::vector<TrainPreset> all{
      {"mnist-98",
       "98 % on MNIST's test set, in a second or two of training",
       {"--dataset=mnist", "--validation=0", "--hidden=256", "--optimizer=nadam", "--lr=0.004",
        "--beta2=0.98", "--label-smoothing=0.1", "--schedule=warmup@10% | linear", "--epochs=3",
        "--batch-size=128"}},
  };
  return all;
}

std::vector<std::string> expand_train_preset(std::vector<std::string> arguments) {
  std::string name;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--preset=")) name = arguments[i].substr(9);
    if (arguments[i] == "--preset" && i + 1 < arguments.size()) name = arguments[i + 1];
  }
  const auto found = std::ranges::find(train_presets(), name, &TrainPreset::name);
  if (found != train_presets().end())
    arguments.insert(arguments.begin() + 1, found->arguments.begin(), found->arguments.end());
  return arguments;
}

}  // namespace anneal::apps
