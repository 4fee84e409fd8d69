// MMEngine: mmengine.optim.scheduler. One step() is one update; in a list that has both, the
// schedulers with by_epoch=True count epochs.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/one_cycle.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace mmengine {
namespace {

constexpr double never = 1e9;  // MMEngine's own INF

double begin_of(const Arguments& a) {
  a.yes("by_epoch");
  return a.whole("begin");
}
double end_of(const Arguments& a) {
  const double end = a.given("end") ? a.whole("end") : never;
  if (end <= begin_of(a)) a.refuse("end", "must be above begin");
  return end;
}
/// The last step between begin and end, counted from begin.
double last_of(const Arguments& a) {
  return end_of(a) - begin_of(a) - 1.0;
}
/// A shape between begin and end. Before, nothing changes; after, its last value stays.
Translation windowed(const Arguments& a, const Schedule& shape) {
  const double begin = begin_of(a);
  const double end = end_of(a);
  if (end == never) return {then(begin, number(1.0), shape)};
  const double held = shape({.step = last_of(a), .total = 1e15});
  return {joined({number(1.0), shape, number(held)}, {begin, end})};
}
double eta_min(const Arguments& a) {
  if (a.given("eta_min_ratio")) {
    if (a.given("eta_min")) a.refuse("eta_min", "and eta_min_ratio cannot both be given");
    return a.not_negative("eta_min_ratio");
  }
  return a.given("eta_min") ? a.rate("eta_min") : 0.0;
}
double fraction(const Arguments& a, std::string_view name) {
  const double x = a.not_negative(name);
  if (x > 1.0) a.refuse(name, "must be in [0, 1]");
  return x;
}

Translation constant(const Arguments& a) {
  const double factor = fraction(a, "factor");
  const double last = last_of(a);
  if (end_of(a) == never || last == 0.0) return windowed(a, number(factor));
  if (factor == 0.0) a.refuse("factor", "of 0 cannot be undone at the end: MMEngine divides by it");
  return windowed(a, make(Piecewise{.at = {updates(last)}, .values = {factor, 1.0}}));
}
Translation linear(const Arguments& a) {
  const double from = fraction(a, "start_factor");
  const double to = fraction(a, "end_factor");
  const double last = last_of(a);
  if (last == 0.0) return windowed(a, number(from));
  if (from == 0.0) a.refuse("start_factor", "must be above 0: MMEngine divides by it");
  return windowed(a, over(updates(last), line(from, to)));
}
Translation exponential(const Arguments& a) {
  return windowed(a, make(Exponential{.gamma = a.not_negative("gamma"), .every = updates(1)}));
}
Translation step(const Arguments& a) {
  return windowed(a, make(StepDecay{.gamma = a.not_negative("gamma"),
                                    .every = updates(a.whole("step_size", 1))}));
}
Translation multistep(const Arguments& a) {
  std::vector<double> milestones = a.numbers("milestones");
  std::ranges::sort(milestones);
  MultiStep shape{.gamma = a.not_negative("gamma"), .at = {}};
  for (const double m : milestones) {
    if (m != std::floor(m) || m < 0.0) a.refuse("milestones", "must be whole numbers, at least 0");
    shape.at.push_back(updates(m));
  }
  return windowed(a, make(shape));
}
Translation cosine(const Arguments& a) {
  const double half =
      a.given("T_max") && a.whole("T_max") > 0.0 ? a.whole("T_max") : last_of(a) + 1.0;
  return windowed(a, make(Wave{.half = updates(half), .floor = eta_min(a)}));
}
Translation poly(const Arguments& a) {
  const double last = last_of(a);
  const double power = a.power("power");
  const double low = a.rate("eta_min");
  if (last == 0.0) return windowed(a, number(1.0));
  return windowed(a, over(updates(last), make(Polynomial{.power = power, .floor = low})));
}
Translation one_cycle(const Arguments& a) {
  const double top = a.rate("eta_max");
  const double steps = a.given("total_steps") ? a.whole("total_steps", 1) : last_of(a) + 1.0;
  const double part = fraction(a, "pct_start");
  if (part * steps <= 1.0 || steps == 1.0)
    a.refuse("pct_start", "leaves no more than one update for the way up: not translated");
  const double start = a.one_over("div_factor");
  const double end = start * a.one_over("final_div_factor");
  if (start > 1.0) a.refuse("div_factor", "below 1 is not translated: it begins above its peak");
  if (end > 1.0) a.refuse("final_div_factor", "so low is not translated: it ends above its peak");
  OneCycle shape{
      .up = updates(part * steps), .start = start, .end = end, .three_phase = a.yes("three_phase")};
  if (a.word("anneal_strategy", {"cos", "linear"}) == "linear") shape.curve = Curve::linear;
  return windowed(a, top * over(updates(steps), make(shape)));
}
Translation cosine_restart(const Arguments& a) {
  const std::vector<double> periods = a.numbers("periods");
  const std::vector<double> weights = a.not_negative_numbers("restart_weights");
  if (periods.empty() || periods.size() != weights.size())
    a.refuse("restart_weights", "must be as many as the periods");
  if (!a.given("eta_min") && !a.given("eta_min_ratio"))
    a.refuse("eta_min", "or eta_min_ratio must be given");
  const double low = eta_min(a);
  std::vector<Schedule> stages;
  std::vector<double> ends;
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (periods[i] != std::floor(periods[i]) || periods[i] < 1.0)
      a.refuse("periods", "must be whole numbers, at least 1");
    stages.push_back(make(Interpolated{
        .at = {updates(periods[i])}, .values = {weights[i], low}, .curve = Curve::cosine}));
    ends.push_back((ends.empty() ? 0.0 : ends.back()) + periods[i]);
  }
  // What the last step of the last period has made of it stays.
  stages.push_back(number(stages.back()({.step = periods.back() - 1.0, .total = 1e15})));
  return windowed(a, joined(stages, ends));
}
Translation plateau(const Arguments& a) {
  if (!a.yes("by_epoch")) a.refuse("by_epoch", "must be True, in MMEngine too");
  if (a.whole("begin") != 0.0) a.refuse("begin", "is not translated for a schedule of the losses");
  if (a.given("end")) a.refuse("end", "is not translated for a schedule of the losses");
  a.ignore({"monitor"});
  Plateau p;
  p.maximize = a.word("rule", {"less", "greater"}) == "greater";
  p.factor = a.not_negative("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  p.patience = a.count("patience");
  const bool relative = a.word("threshold_rule", {"rel", "abs"}) == "rel";
  p.threshold = relative ? a.not_negative("threshold") : 0.0;
  p.margin = relative ? 0.0 : a.not_negative("threshold");
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown");
  p.floor = a.rate("min_value");
  p.smallest_change = std::min(1.0, a.rate("eps"));
  return {make(p)};
}

/// One dictionary of the list, taken apart.
struct Listed {
  std::string type;
  std::vector<python::Keyword> arguments = {};
  bool by_epoch = true;
  double begin = 0.0;
  double end = never;
  double low = 0.0;  ///< eta_min, as a factor
};

const python::Keyword* find(const std::vector<python::Keyword>& arguments, std::string_view name) {
  const auto found = std::ranges::find(arguments, name, &python::Keyword::name);
  return found == arguments.end() ? nullptr : &*found;
}
double number_or(const std::vector<python::Keyword>& arguments, std::string_view name,
                 double usual) {
  const python::Keyword* given = find(arguments, name);
  const auto* value = given == nullptr ? nullptr : std::get_if<double>(&given->value.is);
  return value == nullptr ? usual : *value;
}

Listed taken_apart(const Arguments& a, const python::Value& item) {
  Listed one;
  std::vector<python::Keyword> entries;
  if (const auto* call = std::get_if<python::Call>(&item.is);
      call != nullptr && call->path == "dict" && call->positional.empty())
    entries = call->keywords;
  else if (const auto* dictionary = std::get_if<python::Dictionary>(&item.is))
    for (const auto& [key, v] : *dictionary) {
      const auto* word = std::get_if<std::string>(&key.is);
      if (word == nullptr) a.refuse("schedulers", "must have names as keys");
      entries.push_back({*word, v});
    }
  else
    a.refuse("schedulers", "must hold dictionaries such as dict(type='LinearLR', end=10)");
  for (python::Keyword& entry : entries) {
    if (entry.name == "type") {
      const auto* word = std::get_if<std::string>(&entry.value.is);
      if (word == nullptr) a.refuse("schedulers", "has a type that is no name in quotes");
      one.type = *word;
    } else {
      if (entry.name == "by_epoch")
        if (const auto* yes = std::get_if<bool>(&entry.value.is)) one.by_epoch = *yes;
      one.arguments.push_back(std::move(entry));
    }
  }
  if (one.type.empty()) a.refuse("schedulers", "has a dictionary without a type");
  return one;
}

/// convert_to_iter_based: what counts epochs is multiplied by their length.
void in_updates(const Arguments& a, Listed& one) {
  const python::Keyword* convert = find(one.arguments, "convert_to_iter_based");
  if (convert == nullptr) return;
  const bool* yes = std::get_if<bool>(&convert->value.is);
  if (yes == nullptr)
    a.refuse("schedulers", "has a convert_to_iter_based that is not True or False");
  const bool wanted = *yes;
  std::erase_if(one.arguments, [](const auto& k) { return k.name == "convert_to_iter_based"; });
  if (!wanted) return;
  if (!one.by_epoch) a.refuse("schedulers", "has convert_to_iter_based without by_epoch=True");
  if (!a.given("epoch_length"))
    a.refuse("epoch_length", "must be given where convert_to_iter_based is");
  const double length = a.whole("epoch_length", 1);
  for (python::Keyword& entry : one.arguments) {
    const bool counts = entry.name == "begin" || entry.name == "end" || entry.name == "T_max" ||
                        entry.name == "step_size" || entry.name == "total_steps" ||
                        entry.name == "milestones" || entry.name == "periods";
    if (!counts) continue;
    if (auto* x = std::get_if<double>(&entry.value.is)) *x *= length;
    if (auto* list = std::get_if<python::List>(&entry.value.is))
      for (python::Value& item : *list)
        if (auto* x = std::get_if<double>(&item.is)) *x *= length;
  }
  one.by_epoch = false;
  std::erase_if(one.arguments, [](const auto& k) { return k.name == "by_epoch"; });
  one.arguments.push_back({"by_epoch", {false, 0}});
}

/// Each scheduler changes what it finds: their factors are multiplied. One with an eta_min adds to
/// the rate as well, and must have the rate to itself.
Translation param_scheduler(const Arguments& a) {
  const auto* list = std::get_if<python::List>(&a.value("schedulers").is);
  if (list == nullptr || list->empty()) a.refuse("schedulers", "must be a list of dictionaries");
  std::vector<Listed> all;
  bool any_epoch = false;
  bool any_update = false;
  for (const python::Value& item : *list) {
    Listed one = taken_apart(a, item);
    in_updates(a, one);
    any_epoch |= one.by_epoch;
    any_update |= !one.by_epoch;
    one.begin = number_or(one.arguments, "begin", 0.0);
    one.end = number_or(one.arguments, "end", never);
    const double low = number_or(one.arguments, "eta_min", 0.0);
    one.low = number_or(one.arguments, "eta_min_ratio", a.rate("schedulers", low));
    all.push_back(std::move(one));
  }
  if (all.size() == 1) return a.as(all[0].type, all[0].arguments);
  std::ranges::stable_sort(all, {}, &Listed::begin);
  const bool mixed = any_epoch && any_update;
  Schedule rate = number(1.0);
  double busy_until = 0.0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Listed& one = all[i];
    if (one.type == "OneCycleLR" || one.type == "CosineRestartLR" ||
        one.type == "ReduceOnPlateauLR")
      a.refuse("schedulers", "has " + one.type + " beside others, which is not translated");
    const auto alone = [&] {
      return !mixed && busy_until <= one.begin &&
             (i + 1 == all.size() || one.end <= all[i + 1].begin);
    };
    if (one.low > 0.0) {
      if (!alone())
        a.refuse("schedulers", "has " + one.type +
                                   " with an eta_min at work while another changes the rate: its "
                                   "steps add to the rate, which is no product");
      // From the rate that it finds, v, it goes to low + (v - low) s.
      const double found = rate({.step = one.begin, .total = 1e15});
      if (found < one.low)
        a.refuse("schedulers", "has an eta_min above the rate that it finds: not translated");
      const double span = number_or(one.arguments, "T_max", one.end - one.begin);
      if (std::abs(found - 1.0) > 1e-12 && one.type == "CosineAnnealingLR" &&
          one.end - one.begin > span + 1.0)
        a.refuse("schedulers",
                 "has CosineAnnealingLR past its T_max from another rate than the "
                 "base rate: it climbs to neither");
      std::erase_if(one.arguments,
                    [](const auto& k) { return k.name == "eta_min" || k.name == "eta_min_ratio"; });
      const Schedule shape = a.as(one.type, one.arguments).lr;
      const Schedule moved = number(one.low) + (found - one.low) * shape;
      rate = one.begin == 0.0 ? moved : then(one.begin, rate, offset(updates(one.begin), moved));
    } else {
      const Schedule factor = a.as(one.type, one.arguments).lr;
      rate = rate * (mixed && one.by_epoch ? per_epoch(factor) : factor);
    }
    busy_until = std::max(busy_until, one.end);
  }
  return {rate};
}

}  // namespace
}  // namespace mmengine

Peer mmengine_peer() {
  using namespace mmengine;
  static constexpr std::array classes{
      Class{"ConstantLR", "factor=1/3, begin=0, end=None, by_epoch=True", "factor=0.5, end=20",
            constant, "The factor is undone at end - 1, one step early."},
      Class{"CosineAnnealingLR",
            "T_max=None, eta_min=None, begin=0, end=None, by_epoch=True, eta_min_ratio=None",
            "T_max=100", cosine, "Past T_max it climbs again, unless end comes first."},
      Class{"ExponentialLR", "gamma, begin=0, end=None, by_epoch=True", "gamma=0.97", exponential,
            ""},
      Class{"LinearLR", "start_factor=1/3, end_factor=1.0, begin=0, end=None, by_epoch=True",
            "start_factor=0.1, end=20", linear,
            "end_factor is reached at end - 1. Without an end it takes a billion steps."},
      Class{"MultiStepLR", "milestones, gamma=0.1, begin=0, end=None, by_epoch=True",
            "milestones=[50, 75]", multistep, "Milestones count from begin."},
      Class{"OneCycleLR",
            "eta_max=0, total_steps=None, pct_start=0.3, anneal_strategy='cos', div_factor=25.0, "
            "final_div_factor=1e4, three_phase=False, begin=0, end=None, by_epoch=True",
            "eta_max=0.1, total_steps=100", one_cycle, "eta_max is a rate."},
      Class{"PolyLR", "eta_min=0, power=1.0, begin=0, end=None, by_epoch=True",
            "power=2.0, end=100", poly,
            "eta_min is reached at end - 1. Without an end it takes a billion steps."},
      Class{"StepLR", "step_size, gamma=0.1, begin=0, end=None, by_epoch=True", "step_size=30",
            step, "Steps count from begin."},
      Class{"CosineRestartLR",
            "periods, restart_weights=[1], eta_min=None, eta_min_ratio=None, begin=0, end=None, "
            "by_epoch=True",
            "periods=[50, 50], restart_weights=[1, 0.5], eta_min_ratio=0.01", cosine_restart,
            "After the last period the rate of its last step stays, which is not eta_min."},
      Class{"ReduceOnPlateauLR",
            "monitor='loss', rule='less', factor=0.1, patience=10, threshold=1e-4, "
            "threshold_rule='rel', cooldown=0, min_value=0.0, eps=1e-8, begin=0, end=None, "
            "by_epoch=True",
            "patience=5", plateau, ""},
      Class{"param_scheduler", "schedulers, epoch_length=None",
            "[dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=10), "
            "dict(type='CosineAnnealingLR', by_epoch=False, begin=10, end=100)]",
            param_scheduler,
            "A list as configurations have it. Beside one with by_epoch=False, by_epoch=True "
            "counts epochs; convert_to_iter_based needs epoch_length, the updates in one."},
  };
  return {"mmengine", "MMEngine", classes};
}

}  // namespace anneal::sched::peers
