#pragma once
#include <string>
#include <vector>

namespace anneal::apps {

/// Options of `anneal train` under a name. They stand before all others, which override them.
struct TrainPreset {
  std::string name = {};
  std::string help = {};                    ///< in the list of `--help`
  std::vector<std::string> arguments = {};  ///< as one would type them
};

const std::vector<TrainPreset>& train_presets();

/// The arguments of `anneal train`, the command's name first, with what the last `--preset NAME`
/// stands for put before the options. The option itself stays, so that it is parsed, and refused
/// if there is no such preset, like any other.
std::vector<std::string> expand_train_preset(std::vector<std::string> arguments);

}  // namespace anneal::apps
