#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "sched/registry.h"

/// The classes and functions of other systems that give a schedule's curve in a stage, as the call
/// that makes them; nothing where a system has none. `lr` is the rate at factor 1.
namespace anneal::sched {

/// What follows `lr_scheduler.`, with the optimizer as its first argument.
std::optional<std::string> torch_class(const Schedule& s, const Clock& window, double lr);
std::optional<std::string> keras_class(const Schedule& s, const Clock& window, double lr);
std::optional<std::string> optax_function(const Schedule& s, const Clock& window, double lr);

/// A schedule of the registry with its values by name.
class Leaf {
 public:
  explicit Leaf(const Form& form) : form_(&form), entry_(find(form.name)) {}
  double number(std::string_view name) const { return std::get<double>(value(name)); }
  int whole(std::string_view name) const { return std::get<int>(value(name)); }
  bool yes(std::string_view name) const { return std::get<bool>(value(name)); }
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

/// "[1, 2.5]"
std::string list_text(const std::vector<double>& values);
/// The plain cosine, whose one other parameter is its floor; negative if it is not that.
double plain_cosine_floor(const Schedule& s);

}  // namespace anneal::sched
