// Megatron-LM: megatron.core's OptimizerParamScheduler.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/inverse_sqrt.h"
#include "sched/schedules/one_minus_sqrt.h"

namespace anneal::sched::peers {
namespace megatron {
namespace {

/// The fall of WSD over its `length`, from `top` to `low`.
Schedule cooldown(const Arguments& a, double length, double top, double low) {
  const std::string style =
      a.word("lr_wsd_decay_style", {"linear", "cosine", "exponential", "minus_sqrt"});
  if (style == "linear") return over(updates(length), line(top, low));
  const std::string shape = style == "cosine"        ? "(1 + cos(pi * t)) / 2"
                            : style == "exponential" ? "2 * 0.5 ** t - 1"
                                                     : "1 - sqrt(t)";
  return over(updates(length),
              formula(number_text(low) + " + " + number_text(top - low) + " * (" + shape + ")"));
}

Translation scheduler(const Arguments& a) {
  const double top = a.rate("max_lr");
  const double low = a.rate("min_lr");
  const double start = a.rate("init_lr");
  if (low > top) a.refuse("min_lr", "must not be above max_lr");
  if (start > top) a.refuse("init_lr", "must not be above max_lr");
  const double warmup = a.whole("lr_warmup_steps");
  const double end = a.whole("lr_decay_steps", 1);
  if (warmup >= end) a.refuse("lr_warmup_steps", "must be less than lr_decay_steps");
  if (a.given("end_wd") || a.given("start_wd"))
    if (!a.given("end_wd") || !a.given("start_wd") || a.number("start_wd") != a.number("end_wd"))
      a.refuse("end_wd",
               "other than start_wd is a schedule of the weight decay, and not translated");
  const std::string style =
      a.word("lr_decay_style", {"constant", "linear", "cosine", "inverse-square-root", "WSD"});
  a.ignore({"wd_incr_steps", "wd_incr_style", "use_checkpoint_opt_param_scheduler",
            "override_opt_param_scheduler"});
  const Schedule rise = line(start, top);
  if (style == "constant") return {then(warmup, rise, number(top))};
  if (style == "linear" || style == "cosine") {
    const Schedule fall = style == "linear"
                              ? line(top, low)
                              : formula(number_text(low) + " + " + number_text(top - low) +
                                        " * (1 + cos(pi * t)) / 2");
    return {then(warmup, rise, over(updates(end - warmup), fall))};
  }
  if (style == "inverse-square-root") {
    // Without a warmup the first two updates are at the top. It ends with a jump.
    const Schedule fall = top * make(InverseSqrt{.timescale = updates(std::max(warmup, 1.0))});
    return {joined({warmup > 0.0 ? rise : number(top), max(fall, number(low)), number(low)},
                   {std::max(warmup, 1.0), end + 1.0})};
  }
  if (!a.given("wsd_decay_steps")) a.refuse("wsd_decay_steps", "must be given for 'WSD'");
  const double length = a.whole("wsd_decay_steps");
  const Schedule fall = cooldown(a, std::max(length, 1.0), top, low);
  if (length == 0.0) return {joined({rise, number(top), number(low)}, {warmup, end + 1.0})};
  if (end - length >= warmup) return {joined({rise, number(top), fall}, {warmup, end - length})};
  // It begins in the warmup or before it, and is seen from where the warmup ends.
  const double hidden = warmup - (end - length);
  if (warmup == 0.0) return {offset(updates(hidden), fall)};
  return {then(warmup + 1.0, over(updates(warmup), rise), offset(updates(hidden + 1.0), fall))};
}

}  // namespace
}  // namespace megatron

Peer megatron_peer() {
  using namespace megatron;
  static constexpr std::array classes{
      Class{"OptimizerParamScheduler",
            "init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, lr_decay_style, "
            "start_wd=None, end_wd=None, wd_incr_steps=None, wd_incr_style=None, "
            "use_checkpoint_opt_param_scheduler=True, override_opt_param_scheduler=False, "
            "wsd_decay_steps=None, lr_wsd_decay_style=None",
            "init_lr=0.0, max_lr=0.1, min_lr=0.01, lr_warmup_steps=10, lr_decay_steps=100, "
            "lr_decay_style='cosine'",
            scheduler,
            "Megatron's own training counts samples: divide its steps by the global batch size. "
            "lr_decay_steps counts the warmup."},
  };
  return {"megatron", "Megatron-LM", classes};
}

}  // namespace anneal::sched::peers
