// timm: timm.scheduler. An epoch, or an update if t_in_epochs is False, is one update here.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"
#include "sched/schedules/tanh.h"

namespace anneal::sched::peers {
namespace timm {
namespace {

/// Noise is random: no two runs have the same rates. Without it its arguments do nothing.
void refuse_noise(const Arguments& a) {
  if (a.given("noise_range_t")) a.refuse("noise_range_t", "is not translated: noise is random");
  a.ignore({"noise_pct", "noise_std", "noise_seed"});
}

/// The warmup, and what it leaves of the decay. Without warmup_prefix the decay began at update 0
/// and the warmup has overwritten its beginning.
Translation with_warmup(const Arguments& a, const Schedule& decay, bool prefix,
                        bool aims_at_decay = false) {
  a.ignore({"t_in_epochs"});  // t is counted in updates here
  refuse_noise(a);
  const double warmup = a.whole("warmup_t");
  const double from = a.rate("warmup_lr_init");
  // Update 0 runs at the base rate, whatever the formula says.
  if (warmup == 0.0) {
    const double begin = decay({.step = 0, .total = 1e15});
    return {begin == 1.0 ? decay
                         : endless(first(updates(1), number(1.0)) | offset(updates(1), decay))};
  }
  const double aim = aims_at_decay && !prefix ? decay({.step = warmup, .total = 1e15}) : 1.0;
  return {then(warmup, line(from, aim), prefix ? decay : offset(updates(warmup), decay))};
}
Translation with_warmup(const Arguments& a, const Schedule& decay) {
  return with_warmup(a, decay, a.yes("warmup_prefix"));
}

Schedule cycled(const Arguments& a, const Schedule& curve) {
  Cycles how;
  how.first = updates(a.length("t_initial"));
  how.growth = a.growth("cycle_mul");
  how.decay = a.positive("cycle_decay");
  how.limit = a.count("cycle_limit");
  how.floor = a.rate("lr_min");
  if (how.limit == 0) return number(how.floor);  // no cycle at all
  how.below_floor = how.floor > 0.0 && (how.decay != 1.0 || how.floor > 1.0);
  return endless(cycles(how, curve));
}

Translation cosine(const Arguments& a) {
  return with_warmup(a, cycled(a, make(Cosine{.k = a.power("k_decay")})));
}
Translation tanh(const Arguments& a) {
  const double lower = a.within("lb", -100.0, 100.0);
  const double upper = a.within("ub", -100.0, 100.0);
  if (lower >= upper) a.refuse("lb", "must be below ub");
  return with_warmup(a, cycled(a, make(Tanh{.lower = lower, .upper = upper})),
                     a.yes("warmup_prefix"), true);
}
Translation poly(const Arguments& a) {
  return with_warmup(
      a, cycled(a, make(Polynomial{.power = a.power("power"), .k = a.power("k_decay")})));
}
Translation step(const Arguments& a) {
  return with_warmup(a, make(StepDecay{.gamma = a.not_negative("decay_rate"),
                                       .every = updates(a.length("decay_t"))}));
}
Translation multistep(const Arguments& a) {
  MultiStep shape{.gamma = a.not_negative("decay_rate"), .at = {}};
  std::vector<double> milestones = a.not_negative_numbers("decay_t");
  std::ranges::sort(milestones);
  for (const double m : milestones) shape.at.push_back(updates(std::max(m - 1.0, 0.0)));
  return with_warmup(a, make(shape));
}

Translation plateau(const Arguments& a) {
  refuse_noise(a);
  a.ignore({"noise_type"});
  Plateau p;
  p.maximize = a.word("mode", {"min", "max"}) == "max";
  p.factor = a.not_negative("decay_rate");
  if (p.factor >= 1.0) a.refuse("decay_rate", "must be below 1");
  p.patience = a.count("patience_t");
  p.threshold = a.not_negative("threshold");
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown_t");
  p.floor = a.rate("lr_min");
  p.smallest_change = std::min(1.0, a.of_base(1e-8));
  const double from = a.rate("warmup_lr_init");
  return {then(a.whole("warmup_t"), line(from, 1.0), make(p))};
}

/// What is left of 1 at each part t of the way through the decay.
std::string decay_formula(const Arguments& a) {
  const double power = a.power("decay_power");
  const double ratio = a.between("decay_ratio", 0.0, 1.0);
  if (ratio == 0.0 || ratio == 1.0) a.refuse("decay_ratio", "must lie between 0 and 1");
  if (std::holds_alternative<python::Lambda>(a.value("decay_fn").is)) {
    static const std::array<std::string, 1> fraction{"t"};
    return a.lambda("decay_fn", 1).body.text(fraction, Formula::plain);
  }
  const std::string kind = a.word("decay_fn", {"linear", "1-sqrt", "cosine", "power", "exp"});
  const std::string r = number_text(ratio);
  return kind == "linear"   ? "1 - t"
         : kind == "1-sqrt" ? "1 - sqrt(t)"
         : kind == "cosine" ? "0.5 * (1 + cos(pi * t))"
         : kind == "power"  ? "1 - t ** " + number_text(power)
                            : "(" + r + " ** t - " + r + ") / (1 - " + r + ")";
}

/// How far the stable phase is above lr_min, in time counted from the end of the warmup.
Schedule stable_above(const Arguments& a, double floor) {
  const std::string kind = a.word("stable_fn", {"constant", "rsqrt", "power"});
  const double power = kind == "rsqrt" ? 0.5 : a.power("stable_power");
  a.ignore({"stable_timescale", "stable_power"});  // timm uses them with the other kinds
  if (kind == "constant") return number(std::max(1.0 - floor, 0.0));
  const double timescale =
      a.given("stable_timescale") ? a.positive("stable_timescale") : a.whole("warmup_t");
  if (timescale == 0.0)
    a.refuse("stable_timescale", "must be given where there is no warmup, whose length it is");
  return formula("max((1 + step / " + number_text(timescale) + ") ** -" + number_text(power) +
                 " - " + number_text(floor) + ", 0)");
}

Translation wsd(const Arguments& a) {
  const double length = a.whole("t_initial", 1);
  const double decay = a.whole("decay_t", 1);
  if (decay > length) a.refuse("decay_t", "must be at most t_initial");
  const double floor = a.rate("lr_min");
  const Schedule above =
      then(length - decay, number(1.0), over(updates(decay), formula(decay_formula(a)))) *
      stable_above(a, floor);
  return with_warmup(a, floor == 0.0 ? above : number(floor) + above, true);
}

/// Its durations are epochs, which become updates if it does not step on epochs.
Translation factory(const Arguments& a) {
  const std::string sched =
      a.word("sched", {"cosine", "tanh", "poly", "step", "multistep", "plateau"});
  const bool on_epochs = a.yes("step_on_epochs");
  if (sched == "plateau" && !on_epochs)
    a.refuse("step_on_epochs", "of False is not for the plateau, in timm");
  const double unit = on_epochs ? 1.0 : a.whole("updates_per_epoch", 1);
  if (a.given("noise")) a.refuse("noise", "is not translated: it is random");
  // What timm itself does nothing with for some of the schedules, or never.
  a.ignore({"decay_epochs", "decay_milestones", "cooldown_epochs", "patience_epochs", "decay_rate",
            "warmup_prefix", "noise_pct", "noise_std", "noise_seed", "cycle_mul", "cycle_decay",
            "cycle_limit", "k_decay", "plateau_mode", "updates_per_epoch", "num_epochs"});
  std::vector<python::Keyword> set;
  const auto pass = [&](const char* to, const char* from) {
    set.push_back({to, a.value(from), from});
  };
  const auto pass_duration = [&](const char* to, const char* from) {
    pass(to, from);
    auto& is = set.back().value.is;
    if (auto* number = std::get_if<double>(&is)) *number *= unit;
    if (auto* list = std::get_if<python::List>(&is))
      for (python::Value& v : *list)
        if (auto* number = std::get_if<double>(&v.is)) *number *= unit;
  };
  pass_duration("warmup_t", "warmup_epochs");
  pass("warmup_lr_init", "warmup_lr");
  if (sched != "plateau") pass("warmup_prefix", "warmup_prefix");
  if (sched == "cosine" || sched == "tanh" || sched == "poly") {
    pass_duration("t_initial", "num_epochs");
    pass("lr_min", "min_lr");
    for (const char* same : {"cycle_mul", "cycle_decay", "cycle_limit"}) pass(same, same);
    if (sched != "tanh") pass("k_decay", "k_decay");
    if (sched == "poly") pass("power", "decay_rate");
  } else {
    pass("decay_rate", "decay_rate");
  }
  if (sched == "step") pass_duration("decay_t", "decay_epochs");
  if (sched == "multistep") pass_duration("decay_t", "decay_milestones");
  if (sched == "plateau") {
    pass("patience_t", "patience_epochs");
    pass("lr_min", "min_lr");
    pass("mode", "plateau_mode");
  }
  const char* name = sched == "cosine"      ? "CosineLRScheduler"
                     : sched == "tanh"      ? "TanhLRScheduler"
                     : sched == "poly"      ? "PolyLRScheduler"
                     : sched == "step"      ? "StepLRScheduler"
                     : sched == "multistep" ? "MultiStepLRScheduler"
                                            : "PlateauLRScheduler";
  return a.as(name, set);
}

// NOLINTBEGIN(bugprone-suspicious-missing-comma)
constexpr std::string_view cosine_signature =
    "t_initial, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, warmup_t=0, "
    "warmup_lr_init=0, warmup_prefix=False, t_in_epochs=True, noise_range_t=None, noise_pct=0.67, "
    "noise_std=1.0, noise_seed=42, k_decay=1.0";
constexpr std::string_view tanh_signature =
    "t_initial, lb=-7.0, ub=3.0, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, "
    "warmup_t=0, warmup_lr_init=0, warmup_prefix=False, t_in_epochs=True, noise_range_t=None, "
    "noise_pct=0.67, noise_std=1.0, noise_seed=42";
constexpr std::string_view poly_signature =
    "t_initial, power=0.5, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, warmup_t=0, "
    "warmup_lr_init=0, warmup_prefix=False, t_in_epochs=True, noise_range_t=None, noise_pct=0.67, "
    "noise_std=1.0, noise_seed=42, k_decay=1.0";
constexpr std::string_view step_signature =
    "decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0, warmup_prefix=True, t_in_epochs=True, "
    "noise_range_t=None, noise_pct=0.67, noise_std=1.0, noise_seed=42";
constexpr std::string_view wsd_signature =
    "t_initial, decay_t, lr_min=0.0, stable_fn='constant', stable_timescale=None, "
    "stable_power=0.5, decay_fn='1-sqrt', decay_power=0.5, decay_ratio=0.1, warmup_t=0, "
    "warmup_lr_init=0.0, t_in_epochs=True, noise_range_t=None, noise_pct=0.67, noise_std=1.0, "
    "noise_seed=42";
constexpr std::string_view plateau_signature =
    "decay_rate=0.1, patience_t=10, verbose=True, threshold=1e-4, cooldown_t=0, warmup_t=0, "
    "warmup_lr_init=0, "
    "lr_min=0, mode='max', noise_range_t=None, noise_type='normal', noise_pct=0.67, noise_std=1.0, "
    "noise_seed=None";
constexpr std::string_view factory_signature =
    "sched='cosine', num_epochs=300, decay_epochs=90, decay_milestones=[90, 180, 270], "
    "cooldown_epochs=0, patience_epochs=10, decay_rate=0.1, min_lr=0, warmup_lr=1e-5, "
    "warmup_epochs=0, warmup_prefix=False, noise=None, noise_pct=0.67, noise_std=1.0, "
    "noise_seed=42, cycle_mul=1.0, cycle_decay=0.1, cycle_limit=1, k_decay=1.0, "
    "plateau_mode='max', "
    "step_on_epochs=True, updates_per_epoch=0";
constexpr std::string_view cycled_note =
    "Without warmup_prefix the warmup overwrites the beginning of the decay, so the rate drops "
    "where the warmup ends. With cycle_mul below 1 the cycles end after t_initial / (1 - "
    "cycle_mul): the rate stays at lr_min, where timm fails.";
// NOLINTEND(bugprone-suspicious-missing-comma)

}  // namespace
}  // namespace timm

Peer timm_peer() {
  using namespace timm;
  static constexpr std::array classes{
      Class{"CosineLRScheduler", cosine_signature, "t_initial=100, warmup_t=5, warmup_lr_init=0.01",
            cosine, cycled_note},
      Class{"TanhLRScheduler", tanh_signature, "t_initial=100", tanh, cycled_note},
      Class{"PolyLRScheduler", poly_signature, "t_initial=100", poly, cycled_note},
      Class{"MultiStepLRScheduler", step_signature, "decay_t=[50, 75], decay_rate=0.1", multistep,
            "A milestone acts one epoch before it is due (timm at aa4b585)."},
      Class{"StepLRScheduler", step_signature, "decay_t=30, decay_rate=0.1", step, ""},
      Class{"PlateauLRScheduler", plateau_signature, "patience_t=5, mode='min'", plateau,
            "The usual mode is max, for an accuracy."},
      Class{"WSDLRScheduler", wsd_signature, "t_initial=95, decay_t=20, warmup_t=5", wsd,
            "The warmup comes before t_initial. lr_min is reached one update after the last."},
      Class{"create_scheduler_v2", factory_signature,
            "sched='cosine', num_epochs=100, warmup_epochs=5", factory,
            "For 'poly', decay_rate is the power. cycle_decay is 0.1 here and 1 in the classes."},
  };
  return {"timm", "timm", classes};
}

}  // namespace anneal::sched::peers
