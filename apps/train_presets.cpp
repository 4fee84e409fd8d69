#include "apps/train_presets.h"

#include <algorithm>

#include "apps/options.h"

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

namespace {

/// The last that is asked for and exists.
const TrainPreset* asked(const std::vector<std::string>& arguments) {
  std::string name;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i].starts_with("--preset=")) name = arguments[i].substr(9);
    if (arguments[i] == "--preset" && i + 1 < arguments.size()) name = arguments[i + 1];
  }
  const auto found = std::ranges::find(train_presets(), name, &TrainPreset::name);
  return found == train_presets().end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> expand_train_preset(std::vector<std::string> arguments) {
  if (const TrainPreset* preset = asked(arguments))
    arguments.insert(arguments.begin() + 1, preset->arguments.begin(), preset->arguments.end());
  return arguments;
}

std::string train_preset_text(const std::vector<std::string>& arguments) {
  const TrainPreset* preset = asked(arguments);
  if (preset == nullptr) return {};
  std::string text = "\n--preset " + preset->name + " stands for";
  for (const std::string& argument : preset->arguments) text += " " + quoted(argument);
  return text;
}

}  // namespace anneal::apps
