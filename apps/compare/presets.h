#pragma once
#include <string>
#include <vector>

namespace anneal::apps {

/// Options of `anneal compare` under a name. They stand before what is given besides, which
/// overrides them; schedules that are given besides are added to theirs.
struct Preset {
  std::string name = {};
  std::string help = {};                    ///< in the list of `--help`
  std::vector<std::string> arguments = {};  ///< as one would type them
};

const std::vector<Preset>& presets();

/// The arguments of `anneal compare`, the command's name first, with `--preset NAME` replaced by
/// what it stands for, and what `--quick` and `--full` stand for before the others. Without a
/// preset and without a `--schedule` it is "default". Throws std::invalid_argument for a name that
/// there is not.
std::vector<std::string> expand_presets(std::vector<std::string> arguments);

}  // namespace anneal::apps
