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
#include "sched/suggest.h"

namespace anneal::sched::peers {
namespace transformers {
namespace {

/// A run that goes on from `last_epoch` makes its first update at the one after.
Translation resumed(const Arguments& a, const Schedule& s) {
  const double begin = a.whole("last_epoch", -1.0) + 1.0;
  return {begin == 0.0 ? s : endless(offset(updates(begin), s))};
}
/// From 0 at the first update, and then the rest.
Translation warmed(const Arguments& a, const Schedule& rest) {
  return resumed(a, then(a.whole("num_warmup_steps"), line(0.0, 1.0), rest));
}
/// Updates after the warmup, at least one.
double remaining(const Arguments& a) {
  return std::max(a.whole("num_training_steps", 1) - a.whole("num_warmup_steps"), 1.0);
}
double half_wave(const Arguments& a) {
  return remaining(a) / (2.0 * a.within("num_cycles", 1e-6, 1e6));
}
double min_rate(const Arguments& a) {
  if (a.given("min_lr") && a.given("min_lr_rate"))
    a.refuse("min_lr", "and min_lr_rate cannot both be given");
  if (a.given("min_lr")) return a.rate("min_lr");
  if (a.given("min_lr_rate")) return a.not_negative("min_lr_rate");
  a.refuse("min_lr", "or min_lr_rate must be given");
}

Translation constant(const Arguments& a) {
  return resumed(a, make(Constant{}));
}
Translation constant_with_warmup(const Arguments& a) {
  return warmed(a, number(1.0));
}
Translation linear(const Arguments& a) {
  const bool is_over = a.whole("num_training_steps", 1) <= a.whole("num_warmup_steps");
  return warmed(a, is_over ? number(0.0) : over(updates(remaining(a)), line(1.0, 0.0)));
}
Translation cosine(const Arguments& a) {
  return warmed(a, make(Wave{.half = updates(half_wave(a))}));
}
Translation cosine_with_restarts(const Arguments& a) {
  return warmed(a, over(updates(remaining(a)),
                        make(HardRestarts{.cycles = a.within("num_cycles", 0.01, 10000.0)})));
}
Translation polynomial(const Arguments& a) {
  if (a.rate("lr_end") >= 1.0) a.refuse("lr_end", "must be below the learning rate");
  const double total = a.whole("num_training_steps", 1);
  if (total == a.whole("num_warmup_steps"))
    a.refuse("num_training_steps",
             "must not be as many as the warmup's: Transformers divides by the rest");
  if (total < a.whole("num_warmup_steps")) return warmed(a, number(a.rate("lr_end")));
  return warmed(a, over(updates(remaining(a)),
                        make(Polynomial{.power = a.power("power"), .floor = a.rate("lr_end")})));
}
Translation inverse_sqrt(const Arguments& a) {
  const double warmup = a.whole("num_warmup_steps");
  double timescale = warmup > 0.0 ? warmup : 10'000.0;
  a.ignore({"num_training_steps"});  // which get_scheduler leaves out
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
  if (!a.given("warmup_lr_rate")) return resumed(a, then(steps, make(Warmup{}), decay));
  const double from = a.not_negative("warmup_lr_rate");
  const Schedule rise =
      steps <= 1.0 ? number(from)
                   : make(Interpolated{.at = {updates(steps - 1.0)}, .values = {from, 1.0}});
  return resumed(a, then(steps, rise, decay));
}

Translation warmup_stable_decay(const Arguments& a) {
  const double warmup = a.whole("num_warmup_steps");
  const double decay = a.whole("num_decay_steps");
  double stable = 0.0;
  if (a.given("num_stable_steps")) {
    stable = a.whole("num_stable_steps");
    a.ignore({"num_training_steps"});  // Transformers prefers the other
  } else if (a.given("num_training_steps")) {
    stable = a.whole("num_training_steps") - warmup - decay;
  } else {
    a.refuse("num_stable_steps", "or num_training_steps must be given");
  }
  if (stable < 0.0) a.refuse("num_training_steps", "is less than the warmup and the decay");
  const double floor = a.not_negative("min_lr_ratio");
  const std::string up = a.word("warmup_type", {"linear", "cosine", "1-sqrt"});
  const std::string down = a.word("decay_type", {"linear", "cosine", "1-sqrt"});
  const Schedule rise =
      up == "linear" ? line(floor, 1.0)
      : up == "cosine"
          ? make(Interpolated{.at = {percent(100)}, .values = {floor, 1.0}, .curve = Curve::cosine})
          : reverse(make(OneMinusSqrt{.floor = floor}));
  const double half_cycles = 2.0 * a.within("num_cycles", 0.005, 500.0);
  const Schedule fall = down == "linear" ? line(1.0, floor)
                        : down == "cosine"
                            ? make(Cosine{.floor = floor, .half_cycles = half_cycles})
                            : make(OneMinusSqrt{.floor = floor});
  return resumed(a, joined({rise, number(1.0), fall, number(floor)},
                           {warmup, warmup + stable, warmup + stable + decay}));
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
  g.factor = a.within("factor", 0.001, 0.999999);
  g.patience = a.count("patience");
  g.threshold = a.not_negative("threshold");
  g.relative = a.word("threshold_mode", {"rel", "abs"}) == "rel";
  g.cooldown = a.count("cooldown");
  g.pause = a.count("warmup");
  g.floor = a.rate("min_lr");
  g.ceiling = a.rate("max_lr");
  if (g.ceiling < g.floor) a.refuse("max_lr", "must not be below min_lr");
  g.smallest_change = a.rate("eps");
  const int window = a.count("window_size", 1);
  g.window = a.yes("smooth") ? window : 1;
  g.reset_after = a.count("reset_start", 1);
  return {make(g)};
}

constexpr std::array<std::string_view, 12> names{"constant",
                                                 "constant_with_warmup",
                                                 "linear",
                                                 "cosine",
                                                 "cosine_with_restarts",
                                                 "polynomial",
                                                 "inverse_sqrt",
                                                 "cosine_with_min_lr",
                                                 "cosine_warmup_with_min_lr",
                                                 "warmup_stable_decay",
                                                 "reduce_lr_on_plateau",
                                                 "greedy"};

/// By its string, or by the enumeration's: 'cosine' or SchedulerType.COSINE.
std::string name_of(const Arguments& a) {
  const auto* call = std::get_if<python::Call>(&a.value("name").is);
  if (call != nullptr && call->is_name && call->path.find("SchedulerType.") != std::string::npos) {
    std::string name = call->path.substr(call->path.rfind('.') + 1);
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (name == "reduce_on_plateau") return "reduce_lr_on_plateau";
    if (std::ranges::find(names, name) != names.end()) return name;
    a.refuse("name", "is no SchedulerType that is known here");
  }
  std::string name = a.text("name");
  if (std::ranges::find(names, name) == names.end()) {
    std::vector<std::string> known(names.begin(), names.end());
    a.refuse("name", "is no scheduler of Transformers" + did_you_mean(name, known));
  }
  return name;
}

/// get_scheduler(name, ..., scheduler_specific_kwargs={...}) leaves out what the scheduler does not
/// take, and for some of them the keywords too.
Translation get_scheduler(const Arguments& a) {
  const std::string name = name_of(a);
  const bool follows_losses = name == "reduce_lr_on_plateau" || name == "greedy";
  const bool bare = name == "constant" || follows_losses;
  const bool warms_alone = name == "constant_with_warmup" || name == "inverse_sqrt";
  a.ignore({"num_warmup_steps", "num_training_steps"});
  std::vector<python::Keyword> set;
  if (!bare) {
    if (!a.given("num_warmup_steps")) a.refuse("num_warmup_steps", "must be given for " + name);
    set.push_back({"num_warmup_steps", a.value("num_warmup_steps")});
  }
  if (!bare && !warms_alone) {
    if (a.given("num_training_steps"))
      set.push_back({"num_training_steps", a.value("num_training_steps")});
    else if (name != "warmup_stable_decay")
      a.refuse("num_training_steps", "must be given for " + name);
  }
  if (!a.given("scheduler_specific_kwargs")) return a.as(name, set);
  const auto* more = std::get_if<python::Dictionary>(&a.value("scheduler_specific_kwargs").is);
  if (more == nullptr) a.refuse("scheduler_specific_kwargs", "must be a dictionary");
  if (!more->empty() && (name == "constant" || name == "constant_with_warmup"))
    a.refuse("scheduler_specific_kwargs", "are left out by Transformers for " + name);
  for (const auto& [key, v] : *more) {
    const auto* word = std::get_if<std::string>(&key.is);
    if (word == nullptr) a.refuse("scheduler_specific_kwargs", "must have names as keys");
    set.push_back({*word, v});
  }
  return a.as(name, set);
}

// NOLINTBEGIN(bugprone-suspicious-missing-comma)
// Of the schedules that have two names, in get_scheduler and as a function.
constexpr std::string_view warmup_signature = "num_warmup_steps, last_epoch=-1";
constexpr std::string_view linear_signature = "num_warmup_steps, num_training_steps, last_epoch=-1";
constexpr std::string_view cosine_signature =
    "num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1";
constexpr std::string_view restarts_signature =
    "num_warmup_steps, num_training_steps, num_cycles=1, last_epoch=-1";
constexpr std::string_view polynomial_signature =
    "num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0, last_epoch=-1";
constexpr std::string_view min_lr_signature =
    "num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1, min_lr=None, "
    "min_lr_rate=None";
constexpr std::string_view min_lr_rate_signature =
    "num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1, min_lr=None, "
    "min_lr_rate=None, warmup_lr_rate=None";
constexpr std::string_view wsd_signature =
    "num_warmup_steps, num_decay_steps, num_training_steps=None, num_stable_steps=None, "
    "warmup_type='linear', decay_type='cosine', min_lr_ratio=0, num_cycles=0.5, last_epoch=-1";
constexpr std::string_view plateau_signature =
    "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, "
    "min_lr=0, eps=1e-8";
constexpr std::string_view greedy_signature =
    "mode='min', factor=0.95, patience=10, threshold=1e-6, threshold_mode='abs', cooldown=0, "
    "warmup=0, min_lr=1e-3, max_lr=1.0, eps=1e-8, smooth=False, window_size=50, reset_start=500";

constexpr std::string_view ten_of_hundred = "num_warmup_steps=10, num_training_steps=100";
constexpr std::string_view climbs = "Past num_training_steps it climbs again.";
// NOLINTEND(bugprone-suspicious-missing-comma)

}  // namespace
}  // namespace transformers

Peer transformers_peer() {
  using namespace transformers;
  static constexpr std::array classes{
      Class{"constant", "last_epoch=-1", "", constant, ""},
      Class{"constant_with_warmup", warmup_signature, "num_warmup_steps=10", constant_with_warmup,
            "The first update has a rate of 0, as with every warmup here."},
      Class{"linear", linear_signature, ten_of_hundred, linear, ""},
      Class{"cosine", cosine_signature, ten_of_hundred, cosine, climbs},
      Class{"cosine_with_restarts", restarts_signature,
            "num_warmup_steps=10, num_training_steps=100, num_cycles=3", cosine_with_restarts, ""},
      Class{"polynomial", polynomial_signature,
            "num_warmup_steps=10, num_training_steps=100, power=2.0", polynomial, ""},
      Class{"inverse_sqrt",
            "num_warmup_steps, timescale=None, num_training_steps=None, last_epoch=-1",
            "num_warmup_steps=10", inverse_sqrt, "Without a warmup the timescale is 10000."},
      Class{"cosine_with_min_lr", min_lr_signature,
            "num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1", cosine_with_min_lr,
            climbs},
      Class{"cosine_warmup_with_min_lr", min_lr_rate_signature,
            "num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1",
            cosine_warmup_with_min_lr, "One update ahead of its siblings, warmup and decay."},
      Class{"warmup_stable_decay", wsd_signature,
            "num_warmup_steps=10, num_decay_steps=20, num_training_steps=100", warmup_stable_decay,
            "The warmup begins at min_lr_ratio."},
      Class{"reduce_lr_on_plateau", plateau_signature, "patience=5", plateau, ""},
      Class{"greedy", greedy_signature, "patience=5", greedy,
            "min_lr is 1e-3 if not given, which may be above the base rate."},
      Class{"get_constant_schedule", "last_epoch=-1", "", constant, "constant by its function."},
      Class{"get_constant_schedule_with_warmup", warmup_signature, "num_warmup_steps=10",
            constant_with_warmup, "constant_with_warmup by its function."},
      Class{"get_linear_schedule_with_warmup", linear_signature, ten_of_hundred, linear,
            "linear by its function. With last_epoch=n the first update is the one after n."},
      Class{"get_cosine_schedule_with_warmup", cosine_signature, ten_of_hundred, cosine,
            "cosine by its function."},
      Class{"get_cosine_with_hard_restarts_schedule_with_warmup", restarts_signature,
            "num_warmup_steps=10, num_training_steps=100, num_cycles=3", cosine_with_restarts,
            "cosine_with_restarts by its function."},
      Class{"get_polynomial_decay_schedule_with_warmup", polynomial_signature,
            "num_warmup_steps=10, num_training_steps=100, power=2.0", polynomial,
            "polynomial by its function."},
      Class{"get_inverse_sqrt_schedule", "num_warmup_steps, timescale=None, last_epoch=-1",
            "num_warmup_steps=10", inverse_sqrt, "inverse_sqrt by its function."},
      Class{"get_cosine_with_min_lr_schedule_with_warmup", min_lr_signature,
            "num_warmup_steps=10, num_training_steps=100, min_lr=0.1", cosine_with_min_lr,
            "cosine_with_min_lr by its function."},
      Class{"get_cosine_with_min_lr_schedule_with_warmup_lr_rate", min_lr_rate_signature,
            "num_warmup_steps=10, num_training_steps=100, min_lr_rate=0.1, warmup_lr_rate=0.5",
            cosine_warmup_with_min_lr, "cosine_warmup_with_min_lr by its function."},
      Class{"get_wsd_schedule", wsd_signature,
            "num_warmup_steps=10, num_decay_steps=20, num_training_steps=100", warmup_stable_decay,
            "warmup_stable_decay by its function."},
      Class{"get_reduce_on_plateau_schedule", plateau_signature, "patience=5", plateau,
            "reduce_lr_on_plateau by its function."},
      Class{"get_greedy_schedule", greedy_signature, "patience=5", greedy,
            "greedy by its function."},
      Class{"GreedyLR", greedy_signature, "patience=5", greedy, "greedy by its class."},
      Class{"get_scheduler",
            "name, optimizer=None, num_warmup_steps=None, num_training_steps=None, "
            "scheduler_specific_kwargs=None",
            "'cosine', num_warmup_steps=10, num_training_steps=100", get_scheduler,
            "By name; the same as calling the name."},
  };
  return {"transformers", "Hugging Face Transformers", classes};
}

}  // namespace anneal::sched::peers
