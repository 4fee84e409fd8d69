// PyTorch Ignite: ignite.handlers.param_scheduler. One event is one update.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/interpolated.h"

namespace anneal::sched::peers {
namespace ignite {
namespace {

void only_the_rate(const Arguments& a) {
  a.ignore({"save_history", "param_group_index"});
  const auto* name = std::get_if<std::string>(&a.value("param_name").is);
  if (name == nullptr || !name->starts_with("lr"))
    a.refuse("param_name", "must be 'lr': other parameters have no schedule here");
}

/// Cycles whose lengths are cut down to whole updates, and whose two values are multiplied at the
/// end of each. `shape` is written over a, b, the values, and done, the part of the cycle.
Translation cyclical(const Arguments& a, std::string_view shape) {
  only_the_rate(a);
  const double size = a.whole("cycle_size", 2);
  const double growth = a.positive("cycle_mult");
  const double start = a.rate("start_value");
  const double end = a.rate("end_value");
  const double start_mult = a.not_negative("start_value_mult");
  const double end_mult = a.not_negative("end_value_mult");
  if (growth < 1.0)
    a.refuse("cycle_mult", "below 1 shrinks the cycles to nothing, by whose length Ignite divides");
  const auto written = [&](const std::string& from, const std::string& to,
                           const std::string& done) {
    return formula(
        replace_word(replace_word(replace_word(shape, "done", done), "a", from), "b", to));
  };
  if (std::floor(size * growth) == size) {  // they never grow
    const std::string length = number_text(size);
    const auto value = [&](double first, double mult) {
      return mult == 1.0 ? number_text(first)
                         : "(" + number_text(first) + " * " + number_text(mult) +
                               " ** floor(step / " + length + "))";
    };
    return {written(value(start, start_mult), value(end, end_mult),
                    "(step % " + length + ") / " + length)};
  }
  std::vector<Schedule> stages;
  std::vector<double> ends;
  double length = size;
  for (double i = 0.0; ends.empty() || ends.back() < 1e9; ++i) {
    if (i == 100.0)
      a.refuse("cycle_mult",
               "so near 1 makes more than a hundred different cycles: not translated");
    stages.push_back(over(updates(length), written(number_text(start * std::pow(start_mult, i)),
                                                   number_text(end * std::pow(end_mult, i)), "t")));
    ends.push_back((ends.empty() ? 0.0 : ends.back()) + length);
    length = std::floor(length * growth);
  }
  ends.pop_back();
  return {joined(stages, ends)};
}
Translation linear_cyclical(const Arguments& a) {
  return cyclical(a, "b + (a - b) * abs(2 * done - 1)");
}
Translation cosine_annealing(const Arguments& a) {
  return cyclical(a, "a + (b - a) * (1 - cos(pi * done)) / 2");
}

Translation piecewise_linear(const Arguments& a) {
  only_the_rate(a);
  const auto* list = std::get_if<python::List>(&a.value("milestones_values").is);
  if (list == nullptr || list->empty())
    a.refuse("milestones_values", "must be a list such as [(0, 0.1), (10, 0.01)]");
  Interpolated shape{.at = {}, .values = {}};
  double last = 0.0;
  for (const python::Value& item : *list) {
    const auto* pair = std::get_if<python::List>(&item.is);
    const double* place = nullptr;
    const double* rate = nullptr;
    if (pair != nullptr && pair->size() == 2) {
      place = std::get_if<double>(&(*pair)[0].is);
      rate = std::get_if<double>(&(*pair)[1].is);
    }
    if (place == nullptr || rate == nullptr || *rate < 0.0)
      a.refuse("milestones_values", "must hold pairs of an update and a rate");
    if (*place != std::floor(*place) || *place < last)
      a.refuse("milestones_values", "must have whole updates that do not fall, from 0");
    last = *place;
    const double value = a.rate("milestones_values", *rate);
    if (shape.values.empty()) shape.values.push_back(value);
    if (last > 0.0) {
      shape.at.push_back(updates(last));
      shape.values.push_back(value);
    } else {
      shape.values.back() = value;  // of several at 0 the last counts
    }
  }
  return {shape.at.empty() ? number(shape.values[0]) : make(shape)};
}

Translation concat(const Arguments& a) {
  a.ignore({"save_history"});
  const std::vector<Translation> parts = a.schedules("schedulers");
  const std::vector<double> durations = a.numbers("durations");
  if (parts.size() < 2) a.refuse("schedulers", "must be two or more");
  if (parts.size() != durations.size() + 1)
    a.refuse("durations", "must be one fewer than the schedulers");
  std::vector<Schedule> stages;
  std::vector<double> ends;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].lr.watches_losses())
      a.refuse("schedulers", "cannot hold ReduceLROnPlateauScheduler, in Ignite; here a chain can");
    stages.push_back(parts[i].lr);
    if (i == durations.size()) break;
    if (durations[i] != std::floor(durations[i]) || durations[i] < 1.0)
      a.refuse("durations", "must be whole numbers, at least 1");
    ends.push_back((ends.empty() ? 0.0 : ends.back()) + durations[i]);
  }
  return {joined(stages, ends)};
}

bool is_torch(const python::Call& call) {
  return call.path.starts_with("torch.") || call.path.starts_with("lr_scheduler.");
}
/// A scheduler of PyTorch's by whose get_lr() Ignite goes without ever calling its step().
Translation wrapped(const Arguments& a, std::string_view name) {
  const auto* call = std::get_if<python::Call>(&a.value(name).is);
  if (call == nullptr || !is_torch(*call))
    a.refuse(name, "must be a scheduler such as torch.StepLR(step_size=30)");
  const std::string last = call->path.substr(call->path.rfind('.') + 1);
  for (const std::string_view kind :
       {"StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "PolynomialLR", "LambdaLR",
        "MultiplicativeLR", "CyclicLR", "OneCycleLR"})
    if (last == kind) {
      Translation inner = a.schedule(name);
      if (last == "MultiStepLR" && inner.lr({.step = 0, .total = 1e15}) != 1.0)
        a.refuse(name, "with a milestone at 0 falls twice there when Ignite wraps it");
      return inner;
    }
  a.refuse(name, "cannot be " + last +
                     ", which goes wrong when its get_lr() is called without its step(), as Ignite "
                     "does");
}
Translation lr_scheduler(const Arguments& a) {
  a.ignore({"save_history"});
  if (a.yes("use_legacy"))
    a.refuse("use_legacy", "is not translated: attach the scheduler to ITERATION_STARTED");
  return wrapped(a, "lr_scheduler");
}

bool same(double x, double y) {
  return std::abs(x - y) <= 1e-12 * std::max(x, y);
}
Translation with_warmup(const Arguments& a) {
  a.ignore({"save_history", "output_simulated_values"});
  const double length = a.whole("warmup_duration", 2);
  const auto* call = std::get_if<python::Call>(&a.value("lr_scheduler").is);
  if (call == nullptr) a.refuse("lr_scheduler", "must be a scheduler");
  const bool torch = is_torch(*call);
  const Schedule after = torch ? wrapped(a, "lr_scheduler").lr : a.schedule("lr_scheduler").lr;
  if (after.watches_losses()) a.refuse("lr_scheduler", "cannot follow the losses, in Ignite");
  const double first_value = after({.step = 0, .total = 1e15});
  const double end = a.given("warmup_end_value") ? a.rate("warmup_end_value")
                     : torch                     ? first_value
                                                 : 1.0;
  const Schedule rise = over(updates(length - 1.0), line(a.rate("warmup_start_value"), end));
  // What would be the same rate twice is left out.
  if (!torch) return {then(same(first_value, end) ? length - 1.0 : length, rise, after)};
  const Schedule rest = offset(updates(1), after);
  if (same(first_value, end)) return {then(length, rise, rest)};
  return {joined({rise, number(first_value), rest}, {length, length + 1.0})};
}

Translation plateau(const Arguments& a) {
  std::vector<python::Keyword> same_names;
  for (const char* name :
       {"mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "eps"})
    same_names.push_back({name, a.value(name)});
  if (a.given("min_lr") && a.given("param_group_index"))
    same_names.push_back({"min_lr", a.value("min_lr")});
  a.ignore({"metric_name", "trainer", "save_history", "param_group_index", "min_lr"});
  return a.as("torch.ReduceLROnPlateau", same_names);
}

}  // namespace
}  // namespace ignite

Peer ignite_peer() {
  using namespace ignite;
  static constexpr std::array classes{
      Class{"LinearCyclicalScheduler",
            "param_name, start_value, end_value, cycle_size, cycle_mult=1.0, "
            "start_value_mult=1.0, end_value_mult=1.0, save_history=False, param_group_index=None",
            "'lr', 0.01, 0.1, cycle_size=40", linear_cyclical,
            "end_value is reached in the middle of the cycle."},
      Class{"CosineAnnealingScheduler",
            "param_name, start_value, end_value, cycle_size, cycle_mult=1.0, "
            "start_value_mult=1.0, end_value_mult=1.0, save_history=False, param_group_index=None",
            "'lr', 0.1, 0.001, cycle_size=50", cosine_annealing,
            "It begins anew for ever; end_value is never quite reached."},
      Class{"PiecewiseLinear",
            "param_name, milestones_values, save_history=False, param_group_index=None",
            "'lr', [(0, 0.0), (10, 0.1), (100, 0.0)]", piecewise_linear, ""},
      Class{"ConcatScheduler", "schedulers, durations, save_history=False",
            "[ignite.LinearCyclicalScheduler('lr', 0.0, 0.1, 20), "
            "ignite.CosineAnnealingScheduler('lr', 0.1, 0.001, 90)], durations=[10]",
            concat, ""},
      Class{"LRScheduler", "lr_scheduler, save_history=False, use_legacy=False",
            "torch.StepLR(step_size=30, gamma=0.1)", lr_scheduler,
            "Some of PyTorch's go wrong in it, and are refused."},
      Class{"create_lr_scheduler_with_warmup",
            "lr_scheduler, warmup_start_value, warmup_duration, warmup_end_value=None, "
            "save_history=False, output_simulated_values=None",
            "ignite.CosineAnnealingScheduler('lr', 0.1, 0.001, 90), warmup_start_value=0.0, "
            "warmup_duration=10, warmup_end_value=0.1",
            with_warmup, "The warmup reaches its end with its last update, warmup_duration - 1."},
      Class{"ReduceLROnPlateauScheduler",
            "metric_name='loss', trainer=None, save_history=False, param_group_index=None, "
            "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', "
            "cooldown=0, min_lr=0, eps=1e-8",
            "'loss', patience=5", plateau, "Without param_group_index Ignite drops min_lr."},
  };
  return {.name = "ignite",
          .title = "PyTorch Ignite",
          .classes = classes,
          .takes_those_of_others = true};
}

}  // namespace anneal::sched::peers
