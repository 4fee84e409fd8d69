// MXNet: mxnet.lr_scheduler. Its optimizers count an update before they ask for its rate: update 0
// is number 1.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"

namespace anneal::sched::peers {
namespace mxnet {
namespace {

/// The warmup of all of them, and what it leaves of a decay, which is a factor of base_lr and runs
/// in the updates' own count.
Translation warmed(const Arguments& a, const Schedule& decay) {
  const double base = a.rate("base_lr");
  const double from = a.rate("warmup_begin_lr");
  if (from > base) a.refuse("warmup_begin_lr", "must not be above base_lr");
  const double steps = a.whole("warmup_steps");
  const bool linear = a.word("warmup_mode", {"linear", "constant"}) == "linear";
  if (steps <= 1.0) return {base * decay};  // it ends before update 0
  const Schedule rise =
      linear ? offset(updates(1), over(updates(steps), line(from, base))) : number(from);
  return {then(steps - 1.0, rise, base * offset(updates(steps - 1.0), decay))};
}

double shrinking(const Arguments& a) {
  const double factor = a.not_negative("factor");
  if (factor > 1.0) a.refuse("factor", "must be at most 1");
  return factor;
}
Translation factor(const Arguments& a) {
  const double every = a.whole("step", 1);
  const double base = a.positive("base_lr");
  const Schedule drops = make(StepDecay{.gamma = shrinking(a), .every = updates(every)});
  const double stop = a.not_negative("stop_factor_lr") / base;
  if (stop == 0.0) return warmed(a, drops);
  // The bound is looked at when it falls, and not before.
  return warmed(a, stop <= 1.0 ? max(drops, number(stop)) : then(every, number(1.0), number(stop)));
}
Translation multifactor(const Arguments& a) {
  MultiStep shape{.gamma = shrinking(a), .at = {}};
  double last = 0.0;
  for (const double step : a.numbers("step")) {
    if (step <= last) a.refuse("step", "must be increasing, and at least 1");
    shape.at.push_back(updates(step));
    last = step;
  }
  if (shape.at.empty()) a.refuse("step", "must not be empty");
  return warmed(a, make(shape));
}

/// A curve from 1 at the end of the warmup to final_lr at max_update.
Translation curve(const Arguments& a, const std::string& left) {
  const double warmup = a.whole("warmup_steps");
  const double length = a.whole("max_update", 1) - warmup;
  if (length == 0.0)
    a.refuse("max_update", "equal to warmup_steps makes MXNet divide by their difference");
  if (length < 0.0) return warmed(a, number(1.0));
  const double floor = a.not_negative("final_lr") / a.positive("base_lr");
  // In the updates' own count, update `warmup - 1` is the first of the decay.
  const std::string done =
      "min(1, (step - " + number_text(warmup - 1.0) + ") / " + number_text(length) + ")";
  std::string text = left;
  text.replace(text.find("done"), 4, done);
  return warmed(a, formula(number_text(floor) + " + " + number_text(1.0 - floor) + " * " + text));
}
Translation poly(const Arguments& a) {
  return curve(a, "(1 - done) ** " + number_text(a.positive("pwr")));
}
Translation cosine(const Arguments& a) {
  return curve(a, "(1 + cos(pi * done)) / 2");
}

constexpr std::string_view counted_from_one =
    "MXNet counts updates from 1: the first is already one step down the curve. The rate that the "
    "optimizer is given replaces base_lr there.";

}  // namespace
}  // namespace mxnet

Peer mxnet_peer() {
  using namespace mxnet;
  static constexpr std::array classes{
      Class{"FactorScheduler",
            "step, factor=1, stop_factor_lr=1e-8, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0, "
            "warmup_mode='linear'",
            "step=30, factor=0.1, base_lr=0.1", factor,
            "It falls no lower than stop_factor_lr, which is absolute."},
      Class{"MultiFactorScheduler",
            "step, factor=1, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0, "
            "warmup_mode='linear'",
            "step=[50, 75], factor=0.1, base_lr=0.1", multifactor, ""},
      Class{"PolyScheduler",
            "max_update, base_lr=0.01, pwr=2, final_lr=0, warmup_steps=0, warmup_begin_lr=0, "
            "warmup_mode='linear'",
            "max_update=100, base_lr=0.1", poly, counted_from_one},
      Class{"CosineScheduler",
            "max_update, base_lr=0.01, final_lr=0, warmup_steps=0, warmup_begin_lr=0, "
            "warmup_mode='linear'",
            "max_update=100, base_lr=0.1, warmup_steps=10", cosine, counted_from_one},
  };
  return {"mxnet", "MXNet", classes, false};
}

}  // namespace anneal::sched::peers
