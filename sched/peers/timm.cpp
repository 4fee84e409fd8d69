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

double of_base_or_zero(const Arguments& a, std::string_view name) {
  const double rate = a.not_negative(name);
  return rate == 0.0 ? 0.0 : a.of_base(rate);
}

/// The warmup, and what it leaves of the decay. Without warmup_prefix the decay began at update 0
/// and the warmup has overwritten its beginning.
Translation with_warmup(const Arguments& a, const Schedule& decay, bool aims_at_decay = false) {
  const double warmup = a.whole("warmup_t");
  const bool prefix = a.yes("warmup_prefix");
  // Update 0 runs at the base rate, whatever the formula says.
  if (warmup == 0.0) {
    const double begin = decay({.step = 0, .total = 1e15});
    return {begin == 1.0 ? decay
                         : endless(first(updates(1), number(1.0)) | offset(updates(1), decay))};
  }
  const double aim = aims_at_decay && !prefix ? decay({.step = warmup, .total = 1e15}) : 1.0;
  const Schedule warm = line(of_base_or_zero(a, "warmup_lr_init"), aim);
  return {then(warmup, warm, prefix ? decay : offset(updates(warmup), decay))};
}

Schedule cycled(const Arguments& a, const Schedule& curve) {
  if (a.given("noise_range_t")) a.refuse("noise_range_t", "is not translated: it is random");
  Cycles how;
  how.first = updates(a.positive("t_initial"));
  how.growth = a.positive("cycle_mul");
  if (how.growth < 1.0) a.refuse("cycle_mul", "must be at least 1");
  how.decay = a.positive("cycle_decay");
  how.limit = static_cast<int>(a.whole("cycle_limit"));
  how.floor = of_base_or_zero(a, "lr_min");
  return endless(cycles(how, curve));
}

Translation cosine(const Arguments& a) {
  return with_warmup(a, cycled(a, make(Cosine{.k = a.positive("k_decay")})));
}
Translation tanh(const Arguments& a) {
  return with_warmup(a, cycled(a, make(Tanh{.lower = a.number("lb"), .upper = a.number("ub")})),
                     true);
}
Translation poly(const Arguments& a) {
  return with_warmup(
      a, cycled(a, make(Polynomial{.power = a.positive("power"), .k = a.positive("k_decay")})));
}
Translation step(const Arguments& a) {
  return with_warmup(a, make(StepDecay{.gamma = a.not_negative("decay_rate"),
                                       .every = updates(a.positive("decay_t"))}));
}
Translation multistep(const Arguments& a) {
  MultiStep shape{.gamma = a.not_negative("decay_rate"), .at = {}};
  std::vector<double> milestones = a.numbers("decay_t");
  std::ranges::sort(milestones);
  for (const double m : milestones) shape.at.push_back(updates(std::max(m - 1.0, 0.0)));
  return with_warmup(a, make(shape));
}

Translation plateau(const Arguments& a) {
  Plateau p;
  p.maximize = a.word("mode", {"min", "max"}) == "max";
  p.factor = a.not_negative("decay_rate");
  if (p.factor >= 1.0) a.refuse("decay_rate", "must be below 1");
  p.patience = static_cast<int>(a.whole("patience_t"));
  p.threshold = a.not_negative("threshold");
  p.signed_threshold = true;
  p.cooldown = static_cast<int>(a.whole("cooldown_t"));
  p.floor = of_base_or_zero(a, "lr_min");
  p.smallest_change = std::min(1.0, a.of_base(1e-8));
  return {then(a.whole("warmup_t"), line(of_base_or_zero(a, "warmup_lr_init"), 1.0), make(p))};
}

Translation factory(const Arguments& a) {
  const std::string sched =
      a.word("sched", {"cosine", "tanh", "poly", "step", "multistep", "plateau"});
  std::vector<python::Keyword> set;
  const auto pass = [&](const char* to, const char* from) { set.push_back({to, a.value(from)}); };
  pass("warmup_t", "warmup_epochs");
  pass("warmup_lr_init", "warmup_lr");
  if (sched != "plateau") pass("warmup_prefix", "warmup_prefix");
  if (sched == "cosine" || sched == "tanh" || sched == "poly") {
    pass("t_initial", "num_epochs");
    pass("lr_min", "min_lr");
    for (const char* same : {"cycle_mul", "cycle_decay", "cycle_limit"}) pass(same, same);
    if (sched != "tanh") pass("k_decay", "k_decay");
    if (sched == "poly") pass("power", "decay_rate");
  } else {
    pass("decay_rate", "decay_rate");
  }
  if (sched == "step") pass("decay_t", "decay_epochs");
  if (sched == "multistep") pass("decay_t", "decay_milestones");
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
constexpr std::string_view plateau_signature =
    "decay_rate=0.1, patience_t=10, threshold=1e-4, cooldown_t=0, warmup_t=0, warmup_lr_init=0, "
    "lr_min=0, mode='max', noise_range_t=None, noise_type='normal', noise_pct=0.67, noise_std=1.0, "
    "noise_seed=None";
constexpr std::string_view factory_signature =
    "sched='cosine', num_epochs=300, decay_epochs=90, decay_milestones=[90, 180, 270], "
    "cooldown_epochs=0, patience_epochs=10, decay_rate=0.1, min_lr=0, warmup_lr=1e-5, "
    "warmup_epochs=0, warmup_prefix=False, noise=None, noise_pct=0.67, noise_std=1.0, "
    "noise_seed=42, cycle_mul=1.0, cycle_decay=0.1, cycle_limit=1, k_decay=1.0, "
    "plateau_mode='max', "
    "step_on_epochs=True, updates_per_epoch=0";
constexpr std::string_view overwritten =
    "Without warmup_prefix the warmup overwrites the beginning of the decay, so the rate drops "
    "where "
    "the warmup ends.";
// NOLINTEND(bugprone-suspicious-missing-comma)

}  // namespace
}  // namespace timm

Peer timm_peer() {
  using namespace timm;
  static constexpr std::array classes{
      Class{"CosineLRScheduler", cosine_signature, "t_initial=100, warmup_t=5, warmup_lr_init=0.01",
            cosine, overwritten},
      Class{"TanhLRScheduler", tanh_signature, "t_initial=100", tanh, overwritten},
      Class{"PolyLRScheduler", poly_signature, "t_initial=100", poly, overwritten},
      Class{"MultiStepLRScheduler", step_signature, "decay_t=[50, 75], decay_rate=0.1", multistep,
            "A milestone acts one epoch before it is due."},
      Class{"StepLRScheduler", step_signature, "decay_t=30, decay_rate=0.1", step, ""},
      Class{"PlateauLRScheduler", plateau_signature, "patience_t=5, mode='min'", plateau,
            "The usual mode is max, for an accuracy."},
      Class{"create_scheduler_v2", factory_signature,
            "sched='cosine', num_epochs=100, warmup_epochs=5", factory,
            "For 'poly', decay_rate is the power. cycle_decay is 0.1 here and 1 in the classes."},
  };
  return {"timm", "timm", classes};
}

}  // namespace anneal::sched::peers
