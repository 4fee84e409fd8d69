// diffusers: diffusers.optimization. Most are those of Transformers, under the same names.
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/piecewise.h"

namespace anneal::sched::peers {
namespace diffusers {
namespace {

template <std::size_t N>
Translation as_transformers(const Arguments& a, std::string_view name,
                            const std::array<std::string_view, N>& arguments) {
  std::vector<python::Keyword> set;
  set.reserve(N);
  for (const std::string_view argument : arguments)
    set.push_back({std::string(argument), a.value(argument)});
  return a.as("transformers." + std::string(name), set);
}

Translation constant(const Arguments& /*unused*/) {
  return {number(1.0)};
}
Translation constant_with_warmup(const Arguments& a) {
  return as_transformers(a, "get_constant_schedule_with_warmup",
                         std::array<std::string_view, 1>{"num_warmup_steps"});
}
Translation linear(const Arguments& a) {
  return as_transformers(a, "get_linear_schedule_with_warmup",
                         std::array<std::string_view, 2>{"num_warmup_steps", "num_training_steps"});
}
Translation cosine(const Arguments& a) {
  return as_transformers(
      a, "get_cosine_schedule_with_warmup",
      std::array<std::string_view, 3>{"num_warmup_steps", "num_training_steps", "num_cycles"});
}
Translation cosine_with_restarts(const Arguments& a) {
  return as_transformers(
      a, "get_cosine_with_hard_restarts_schedule_with_warmup",
      std::array<std::string_view, 3>{"num_warmup_steps", "num_training_steps", "num_cycles"});
}
Translation polynomial(const Arguments& a) {
  return as_transformers(
      a, "get_polynomial_decay_schedule_with_warmup",
      std::array<std::string_view, 4>{"num_warmup_steps", "num_training_steps", "lr_end", "power"});
}

/// "1:10,0.1:20,0.005": 1 before update 10, 0.1 before update 20, and then 0.005.
Translation piecewise_constant(const Arguments& a) {
  const std::string rules = a.text("step_rules");
  const auto number_in = [&](std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0.0 && value < 1e15))
      a.refuse("step_rules", "has '" + std::string(text) + "' where a number >= 0 should be");
    return value;
  };
  std::map<double, double> before;
  std::string_view rest = rules;
  for (std::size_t comma = 0; (comma = rest.find(',')) != std::string_view::npos;) {
    const std::string_view rule = rest.substr(0, comma);
    const std::size_t colon = rule.find(':');
    if (colon == std::string_view::npos)
      a.refuse("step_rules", "has '" + std::string(rule) + "', which is no factor:update");
    const double step = number_in(rule.substr(colon + 1));
    if (step != std::floor(step)) a.refuse("step_rules", "must have whole updates");
    before[step] = number_in(rule.substr(0, colon));
    rest.remove_prefix(comma + 1);
  }
  Piecewise p{.at = {}, .values = {}};
  for (const auto& [step, value] : before) {
    if (step == 0.0) continue;  // no update is before it
    p.at.push_back(updates(step));
    p.values.push_back(value);
  }
  p.values.push_back(number_in(rest));
  return {make(p)};
}

/// get_scheduler passes on what the schedule of that name takes there, and no more.
Translation get_scheduler(const Arguments& a) {
  const std::string name =
      a.word("name", {"linear", "cosine", "cosine_with_restarts", "polynomial", "constant",
                      "constant_with_warmup", "piecewise_constant"});
  std::vector<python::Keyword> set;
  const auto pass = [&](const char* argument, bool needed) {
    if (!needed) return;
    if (!a.given(argument)) a.refuse(argument, "must be given for '" + name + "'");
    set.push_back({argument, a.value(argument)});
  };
  a.ignore({"step_rules", "num_warmup_steps", "num_training_steps", "num_cycles", "power"});
  const bool bare = name == "constant" || name == "piecewise_constant";
  pass("step_rules", name == "piecewise_constant");
  pass("num_warmup_steps", !bare);
  pass("num_training_steps", !bare && name != "constant_with_warmup");
  pass("num_cycles", name == "cosine_with_restarts");
  pass("power", name == "polynomial");
  const char* function = name == "linear"   ? "get_linear_schedule_with_warmup"
                         : name == "cosine" ? "get_cosine_schedule_with_warmup"
                         : name == "cosine_with_restarts"
                             ? "get_cosine_with_hard_restarts_schedule_with_warmup"
                         : name == "polynomial" ? "get_polynomial_decay_schedule_with_warmup"
                         : name == "constant"   ? "get_constant_schedule"
                         : name == "constant_with_warmup" ? "get_constant_schedule_with_warmup"
                                                          : "get_piecewise_constant_schedule";
  return a.as(function, set);
}

}  // namespace
}  // namespace diffusers

Peer diffusers_peer() {
  using namespace diffusers;
  static constexpr std::array classes{
      Class{"get_scheduler",
            "name, optimizer=None, step_rules=None, num_warmup_steps=None, "
            "num_training_steps=None, num_cycles=1, power=1.0",
            "'cosine', num_warmup_steps=10, num_training_steps=100", get_scheduler,
            "num_cycles counts for 'cosine_with_restarts' alone, power for 'polynomial' alone."},
      Class{"get_constant_schedule", "", "", constant, ""},
      Class{"get_constant_schedule_with_warmup", "num_warmup_steps", "num_warmup_steps=10",
            constant_with_warmup, "The first update has a rate of 0, as with every warmup here."},
      Class{"get_linear_schedule_with_warmup", "num_warmup_steps, num_training_steps",
            "num_warmup_steps=10, num_training_steps=100", linear, ""},
      Class{"get_cosine_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, num_cycles=0.5",
            "num_warmup_steps=10, num_training_steps=100", cosine,
            "Past num_training_steps it climbs again."},
      Class{"get_cosine_with_hard_restarts_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, num_cycles=1",
            "num_warmup_steps=10, num_training_steps=100, num_cycles=3", cosine_with_restarts, ""},
      Class{"get_polynomial_decay_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0",
            "num_warmup_steps=10, num_training_steps=100, power=2.0", polynomial, ""},
      Class{"get_piecewise_constant_schedule", "step_rules", "'1:50,0.1:75,0.01'",
            piecewise_constant,
            "The numbers after the colons are updates from the beginning of the run, not lengths."},
  };
  return {"diffusers", "diffusers", classes};
}

}  // namespace anneal::sched::peers
