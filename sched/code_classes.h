#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "sched/code.h"
#include "sched/registry.h"

/// The classes and functions of other systems that give a schedule's curve in a stage, as the call
/// that makes them; nothing where a system has none. `lr` is the rate at factor 1.
namespace anneal::sched {

/// PyTorch's scheduler for a run.
struct TorchScheduler {
  std::string call = {};        ///< the expression that makes it, given `optimizer`
  double lr = 0.0;              ///< what the optimizer's rate must be
  bool moves_momentum = false;  ///< as the run's momentum moves
  std::string preamble = {};    ///< a class that the call needs
};
/// Compared with the schedule, unless that follows the losses; nothing if PyTorch has none.
std::optional<TorchScheduler> torch_scheduler(const Schedule& s, const CodeRun& run);

std::optional<std::string> keras_class(const Schedule& s, const Clock& window, double lr);
std::optional<std::string> optax_function(const Schedule& s, const Clock& window, double lr);

/// A schedule of the registry with its values by name.
class Leaf {
 public:
  explicit Leaf(const Form& form) : form_(&form), entry_(find(form.name)) {}
  double number(std::string_view name) const { return std::get<double>(value(name)); }
  int whole(std::string_view name) const { return std::get<int>(value(name)); }
  bool yes(std::string_view name) const { return std::get<bool>(value(name)); }
  std::string_view word(std::string_view name) const { return std::get<Choice>(value(name)).word; }
  double length(std::string_view name, const Clock& window) const {
    return std::get<Length>(value(name)).in(window);
  }
  const Value& value(std::string_view name) const {
    const auto at = std::ranges::find(entry_->params, name, &ParamInfo::name);
    return form_->values[static_cast<std::size_t>(at - entry_->params.begin())];
  }

 private:
  const Form* form_;
  const Entry* entry_;
};

/// factor * schedule, with every number before it multiplied up.
struct Scaled {
  double factor = 1.0;
  Schedule schedule;
};
Scaled without_factor(const Schedule& s);

/// What over(length, ...) holds, and its stage; anything else as it is.
struct Planned {
  Schedule schedule;
  Clock window;
};
Planned without_over(const Schedule& s, const Clock& window);

/// The window of what stands in endless(...): a percentage there is one of a run without an end.
Clock without_end(Clock window);

/// The first update of each of a schedule's places, in order.
std::vector<double> whole_steps(const Lengths& places, const Clock& window);

/// "[1, 2.5]"
std::string list_text(const std::vector<double>& values);
/// The plain cosine, whose one other parameter is its floor; negative if it is not that.
double plain_cosine_floor(const Schedule& s);

}  // namespace anneal::sched
