#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apps/network.h"
#include "apps/optimizers.h"
#include "optim/optimizer.h"
#include "sched/schedule.h"

namespace anneal::apps {

/// What beside the learning rate may follow a schedule.
enum class Hyper { momentum, beta1, beta2, weight_decay, dropout };

/// A hyperparameter that does: its value is base * schedule.
struct Followed {
  Hyper what;
  double base;
  sched::Schedule schedule;
  bool of_peer = false;  ///< brought along by a peer's learning-rate schedule
};

/// The schedules as the command line gives them; an empty text is a constant.
struct FollowOptions {
  std::string momentum, beta1, beta2, weight_decay, dropout;
  std::string batch_size;  ///< by the epoch, not by the update; see TrainingPlan::batch_sizes
};

/// Each by the name of its option.
inline constexpr std::array<std::pair<std::string_view, std::string FollowOptions::*>, 6>
    follow_schedules{{{"momentum-schedule", &FollowOptions::momentum},
                      {"beta1-schedule", &FollowOptions::beta1},
                      {"beta2-schedule", &FollowOptions::beta2},
                      {"weight-decay-schedule", &FollowOptions::weight_decay},
                      {"dropout-schedule", &FollowOptions::dropout},
                      {"batch-size-schedule", &FollowOptions::batch_size}}};

/// Reads them, each with its base from the other options. `momentum` is what a peer's learning-rate
/// schedule does to the momentum (to beta1, for the adam family); a schedule that is given comes
/// before it. Throws std::invalid_argument for one that has nothing to move, such as the momentum
/// of adam, and for one of base 0.
std::vector<Followed> read_followed(const FollowOptions& given, const OptimizerOptions& optimizer,
                                    const NetworkOptions& network,
                                    const std::optional<sched::Schedule>& momentum);

/// "momentum", as the options call it.
std::string name_of(Hyper what);

/// A learning-rate schedule of its own for the parameters whose name matches, "bias: 2 * cosine".
struct LrGroup {
  std::string pattern;
  sched::Schedule schedule;
};
/// Throws std::invalid_argument unless the text is "PATTERN: SCHEDULE".
LrGroup read_lr_group(const std::string& text, double base_lr);
/// Whether a name such as "0.weight" is meant by a pattern: as a whole, by one of its parts between
/// dots, or with `*` for any characters.
bool matches(const std::string& pattern, const std::string& name);

}  // namespace anneal::apps
