// Hugging Face Transformers: get_scheduler's names, and GreedyLR.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/constant.h"
#include "sched/schedules/greedy.h"
#include "sched/schedules/hard_restarts.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/inverse_sqrt.h"
#include "sched/schedules/one_minus_sqrt.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/warmup.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace transformers {
namespace {

/// From 0 at the first update, and then the rest.
Translation warmed(const Arguments& a, const Schedule& rest) {
  return {then(a.whole("num_warmup_steps"), line(0.0, 1.0), rest)};
}
/// Updates after the warmup, at least one.
double remaining(const Arguments& a) {
  return std::max(a.whole("num_training_steps", 1) - a.whole("num_warmup_steps"), 1.0);
}
double half_wave(const Arguments& a) {
  return remaining(a) / (2.0 * a.positive("num_cycles"));
}
double min_rate(const Arguments& a) {
  if (a.given("min_lr") && a.given("min_lr_rate"))
    a.refuse("min_lr", "and min_lr_rate cannot both be given");
  if (a.given("min_lr")) return a.of_base(a.not_negative("min_lr"));
  if (a.given("min_lr_rate")) return a.not_negative("min_lr_rate");
  a.refuse("min_lr", "or min_lr_rate must be given");
}

Translation constant(const Arguments& /*unused*/) {
  return {make(Constant{})};
}
Translation constant_with_warmup(const Arguments& a) {
  return warmed(a, number(1.0));
}
Translation linear(const Arguments& a) {
  return warmed(a, over(updates(remaining(a)), line(1.0, 0.0)));
}
Translation cosine(const Arguments& a) {
  return warmed(a, make(Wave{.half = updates(half_wave(a))}));
}
Translation cosine_with_restarts(const Arguments& a) {
  return warmed(
      a, over(updates(remaining(a)), make(HardRestarts{.cycles = a.positive("num_cycles")})));
}
Translation polynomial(const Arguments& a) {
  return warmed(a, over(updates(remaining(a)),
                        make(Polynomial{.power = a.positive("power"),
                                        .floor = a.of_base(a.not_negative("lr_end"))})));
}
Translation inverse_sqrt(const Arguments& a) {
  const double warmup = a.whole("num_warmup_steps");
  double timescale = warmup > 0.0 ? warmup : 10'000.0;
  if (a.given("timescale")) timescale = a.positive("timescale");
  return warmed(a, make(InverseSqrt{.timescale = updates(timescale)}));
}
Translation cosine_with_min_lr(const Arguments& a) {
  return warmed(a, make(Wave{.half = updates(half_wave(a)), .floor = min_rate(a)}));
}
Translation cosine_warmup_with_min_lr(const Arguments& a) {
  const double steps = a.whole("num_warmup_steps");
  const Schedule decay =
      offset(updates(1), make(Wave{.half = updates(half_wave(a)), .floor = min_rate(a)}));
  if (!a.given("warmup_lr_rate")) return {then(steps, make(Warmup{}), decay)};
  const double from = a.not_negative("warmup_lr_rate");
  if (steps == 1.0) return {then(1.0, number(from), decay)};
  return {
      then(steps, make(Interpolated{.at = {updates(steps - 1.0)}, .values = {from, 1.0}}), decay)};
}

Translation warmup_stable_decay(const Arguments& a) {
  const double warmup = a.whole("num_warmup_steps");
  const double decay = a.whole("num_decay_steps");
  double stable = 0.0;
  if (a.given("num_stable_steps"))
    stable = a.whole("num_stable_steps");
  else if (a.given("num_training_steps"))
    stable = a.whole("num_training_steps") - warmup - decay;
  else
    a.refuse("num_stable_steps", "or num_training_steps must be given");
  if (stable < 0.0) a.refuse("num_training_steps", "is less than the warmup and the decay");
  const double floor = a.not_negative("min_lr_ratio");
  const std::string up = a.word("warmup_type", {"linear", "cosine", "1-sqrt"});
  const std::string down = a.word("decay_type", {"linear", "cosine", "1-sqrt"});
  const Schedule rise =
      up == "linear" ? line(floor, 1.0)
      : up == "cosine"
          ? make(Interpolated{.at = {percent(100)}, .values = {floor, 1.0}, .curve = Curve::cosine})
          : reverse(make(OneMinusSqrt{.floor = floor}));
  const Schedule fall =
      down == "linear" ? line(1.0, floor)
      : down == "cosine"
          ? make(Cosine{.floor = floor, .half_cycles = 2.0 * a.positive("num_cycles")})
          : make(OneMinusSqrt{.floor = floor});
  return {joined({rise, number(1.0), fall, number(floor)},
                 {warmup, warmup + stable, warmup + stable + decay})};
}

Translation plateau(const Arguments& a) {
  std::vector<python::Keyword> same;
  for (const char* name :
       {"mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lr", "eps"})
    same.push_back({name, a.value(name)});
  return a.as("torch.ReduceLROnPlateau", same);
}

Translation greedy(const Arguments& a) {
  Greedy g;
  g.maximize = a.word("mode", {"min", "max"}) == "max";
  g.factor = a.positive("factor");
  if (g.factor >= 1.0) a.refuse("factor", "must be below 1");
  g.patience = static_cast<int>(a.whole("patience"));
  g.threshold = a.not_negative("threshold");
  g.relative = a.word("threshold_mode", {"rel", "abs"}) == "rel";
  g.cooldown = static_cast<int>(a.whole("cooldown"));
  g.pause = static_cast<int>(a.whole("warmup"));
  g.floor = a.of_base(a.not_negative("min_lr"));
  g.ceiling = a.of_base(a.positive("max_lr"));
  g.smallest_change = a.of_base(a.not_negative("eps"));
  g.window = a.yes("smooth") ? static_cast<int>(a.whole("window_size", 1)) : 1;
  g.reset_after = static_cast<int>(a.whole("reset_start", 1));
  return {make(g)};
}

/// get_scheduler(name, ..., scheduler_specific_kwargs={...}).
Translation get_scheduler(const Arguments& a) {
  const std::string name = a.word(
      "name", {"constant", "constant_with_warmup", "linear", "cosine", "cosine_with_restarts",
               "polynomial", "inverse_sqrt", "cosine_with_min_lr", "cosine_warmup_with_min_lr",
               "warmup_stable_decay", "reduce_lr_on_plateau", "greedy"});
  std::vector<python::Keyword> set;
  const bool follows_losses = name == "reduce_lr_on_plateau" || name == "greedy";
  const bool bare = name == "constant" || follows_losses;
  if (!bare && a.given("num_warmup_steps"))
    set.push_back({"num_warmup_steps", a.value("num_warmup_steps")});
  if (!bare && name != "constant_with_warmup" && name != "inverse_sqrt" &&
      a.given("num_training_steps"))
    set.push_back({"num_training_steps", a.value("num_training_steps")});
  if (a.given("scheduler_specific_kwargs")) {
    const auto* more = std::get_if<python::Dictionary>(&a.value("scheduler_specific_kwargs").is);
    if (more == nullptr) a.refuse("scheduler_specific_kwargs", "must be a dictionary");
    for (const auto& [key, v] : *more) {
      const auto* word = std::get_if<std::string>(&key.is);
      if (word == nullptr) a.refuse("scheduler_specific_kwargs", "must have names as keys");
      set.push_back({*word, v});
    }
  }
  return a.as(name, set);
}

constexpr std::string_view climbs = "Past num_training_steps it climbs again.";

}  // namespace
}  // namespace transformers

Peer transformers_peer() {
  using namespace transformers;
  static constexpr std::array classes{
      Class{"constant", "", "", constant, ""},
      Class{"constant_with_warmup", "num_warmup_steps", "num_warmup_steps=10", constant_with_warmup,
            "The first update has a rate of 0, as with every warmup here."},
      Class{"linear", "num_warmup_steps, num_training_steps",
            "num_warmup_steps=10, num_training_steps=100", linear, ""},
      Class{"cosine", "num_warmup_steps, num_training_steps, num_cycles=0.5",
            "num_warmup_steps=10, num_training_steps=100", cosine, climbs},
      Class{"cosine_with_restarts", "num_warmup_steps, num_training_steps, num_cycles=1",
            "num_warmup_steps=10, num_training_steps=100, num_cycles=3", cosine_with_restarts, ""},
      Class{"polynomial", "num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0",
            "num_warmup_steps=10, num_training_steps=100, power=2.0", polynomial, ""},
      Class{"inverse_sqrt", "num_warmup_steps, timescale=None, num_training_steps=None",
            "num_warmup_steps=10", inverse_sqrt, "Without a warmup the timescale is 10000."},
      Class{"cosine_with_min_lr",
            "num_warmup_steps, num_training_steps, num_cycles=0.5, min_lr=None, min_lr_rate=None",
            "num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1", cosine_with_min_lr,
            climbs},
      Class{"cosine_warmup_with_min_lr",
            "num_warmup_steps, num_training_steps, num_cycles=0.5, min_lr=None, min_lr_rate=None, "
            "warmup_lr_rate=None",
            "num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1",
            cosine_warmup_with_min_lr, "One update ahead of its siblings, warmup and decay."},
      Class{"warmup_stable_decay",
            "num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None, "
            "warmup_type='linear', decay_type='cosine', min_lr_ratio=0, num_cycles=0.5",
            "num_warmup_steps=10, num_decay_steps=20, num_training_steps=100", warmup_stable_decay,
            "The warmup begins at min_lr_ratio."},
      Class{
          "reduce_lr_on_plateau",
          "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, "
          "min_lr=0, eps=1e-8",
          "patience=5", plateau, ""},
      Class{
          "greedy",
          "mode='min', factor=0.95, patience=10, threshold=1e-6, threshold_mode='abs', cooldown=0, "
          "warmup=0, min_lr=1e-3, max_lr=1.0, eps=1e-8, smooth=False, window_size=50, "
          "reset_start=500",
          "patience=5", greedy, "min_lr is 1e-3 if not given, which may be above the base rate."},
      Class{"get_constant_schedule", "", "", constant, "constant by its function."},
      Class{"get_constant_schedule_with_warmup", "num_warmup_steps", "num_warmup_steps=10",
            constant_with_warmup, "constant_with_warmup by its function."},
      Class{"get_linear_schedule_with_warmup", "num_warmup_steps, num_training_steps",
            "num_warmup_steps=10, num_training_steps=100", linear, "linear by its function."},
      Class{"get_cosine_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, num_cycles=0.5",
            "num_warmup_steps=10, num_training_steps=100", cosine, "cosine by its function."},
      Class{"get_cosine_with_hard_restarts_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, num_cycles=1",
            "num_warmup_steps=10, num_training_steps=100, num_cycles=3", cosine_with_restarts,
            "cosine_with_restarts by its function."},
      Class{"get_polynomial_decay_schedule_with_warmup",
            "num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0",
            "num_warmup_steps=10, num_training_steps=100, power=2.0", polynomial,
            "polynomial by its function."},
      Class{"get_inverse_sqrt_schedule",
            "num_warmup_steps, timescale=None, num_training_steps=None", "num_warmup_steps=10",
            inverse_sqrt, "inverse_sqrt by its function."},
      Class{"get_wsd_schedule",
            "num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None, "
            "warmup_type='linear', decay_type='cosine', min_lr_ratio=0, num_cycles=0.5",
            "num_warmup_steps=10, num_decay_steps=20, num_training_steps=100", warmup_stable_decay,
            "warmup_stable_decay by its function."},
      Class{
          "get_reduce_on_plateau_schedule",
          "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, "
          "min_lr=0, eps=1e-8",
          "patience=5", plateau, "reduce_lr_on_plateau by its function."},
      Class{"get_scheduler",
            "name, num_warmup_steps=None, num_training_steps=None, scheduler_specific_kwargs=None",
            "'cosine', num_warmup_steps=10, num_training_steps=100", get_scheduler,
            "By name; the same as calling the name."},
  };
  return {"transformers", "Hugging Face Transformers", classes};
}

}  // namespace anneal::sched::peers
