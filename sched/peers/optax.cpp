// Optax: optax.schedules and optax.contrib.reduce_on_plateau.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"

namespace anneal::sched::peers {
namespace optax {
namespace {

/// (from - to) (1 - t / steps)^power + to, held before `begin`; `from` for ever without a step.
Schedule polynomial(const Arguments& a, std::string_view last, double power,
                    std::string_view length, double begin) {
  const double from = a.not_negative("init_value");
  const double to = a.not_negative(last);
  if (a.number(length) <= 0.0 || from == to) return number(from);
  const double steps = a.length(length);
  Schedule curve = line(from, to);
  if (power != 1.0) {
    if (from > 0.0 && to > Arguments::largest * from)
      a.refuse_here(last, "must not be so far above init_value");
    curve = from > 0.0 ? from * make(Polynomial{.power = power, .floor = to / from})
                       : to * formula("1 - (1 - t) ** " + number_text(power));
  }
  return then(std::max(begin, 0.0), number(from), over(updates(steps), curve));
}
/// Where a transition begins; Optax takes a negative place for 0.
double begin_of(const Arguments& a) {
  const double begin = a.number("transition_begin");
  return begin < 0.0 ? 0.0 : a.whole("transition_begin");
}

Translation constant_schedule(const Arguments& a) {
  return {a.absolute(number(a.not_negative("value")))};
}
Translation polynomial_schedule(const Arguments& a) {
  return {
      a.absolute(polynomial(a, "end_value", a.power("power"), "transition_steps", begin_of(a)))};
}
Translation linear_schedule(const Arguments& a) {
  return {a.absolute(polynomial(a, "end_value", 1.0, "transition_steps", begin_of(a)))};
}

/// The values between boundaries: each is the one before times a scale.
std::vector<double> values_of(const Arguments& a, Lengths& at) {
  std::vector<double> values{a.not_negative("init_value")};
  for (const auto& [place, scale] : a.steps("boundaries_and_scales")) {
    at.push_back(updates(place));
    values.push_back(values.back() * scale);
    if (values.back() > Arguments::largest)
      a.refuse_here("boundaries_and_scales",
                    "make a value above " + number_text(Arguments::largest));
  }
  return values;
}

Translation piecewise_constant(const Arguments& a) {
  Piecewise p{.at = {}, .values = {}};
  p.values = values_of(a, p.at);
  return {a.absolute(make(p))};
}

Translation piecewise_interpolate(const Arguments& a) {
  Interpolated p{.at = {}, .values = {}};
  if (a.word("interpolate_type", {"linear", "cosine"}) == "cosine") p.curve = Curve::cosine;
  p.values = values_of(a, p.at);
  return {a.absolute(make(p))};
}

Schedule exponential(const Arguments& a, double from) {
  const double rate = a.not_negative("decay_rate");
  const double begin = begin_of(a);
  const bool staircase = a.yes("staircase");
  if (a.number("transition_steps") <= 0.0 || rate == 0.0) {
    a.ignore({"end_value"});
    return number(from);
  }
  const double steps = a.length("transition_steps");
  Schedule curve =
      from * make(Exponential{.gamma = rate, .every = updates(steps), .staircase = staircase});
  curve = then(begin, number(from), curve);
  if (!a.given("end_value")) return curve;
  const Schedule end = number(a.not_negative("end_value"));
  return rate < 1.0 ? max(curve, end) : min(curve, end);
}
Translation exponential_decay(const Arguments& a) {
  return {a.absolute(exponential(a, a.not_negative("init_value")))};
}

Schedule cosine(double from, double steps, double alpha, double exponent) {
  return from * over(updates(steps), make(Cosine{.floor = alpha, .exponent = exponent}));
}
Translation cosine_decay(const Arguments& a) {
  return {a.absolute(cosine(a.not_negative("init_value"), a.length("decay_steps"),
                            a.not_negative("alpha"), a.power("exponent")))};
}

/// Phases end at whole updates: a fraction is cut off.
Translation linear_onecycle(const Arguments& a) {
  const double steps = a.whole("transition_steps", 1);
  const double start = a.one_over("div_factor");
  const double up = std::floor(a.between("pct_start", 0.0, 1.0) * steps);
  const double down = std::floor(a.between("pct_final", 0.0, 1.0) * steps);
  if (down < up) a.refuse("pct_final", "must not be below pct_start");
  return {a.absolute(
      a.not_negative("peak_value") *
      make(Interpolated{.at = {updates(up), updates(down), updates(steps)},
                        .values = {start, 1.0, start, start * a.one_over("final_div_factor")}}))};
}
Translation cosine_onecycle(const Arguments& a) {
  const double steps = a.whole("transition_steps", 1);
  const double start = a.one_over("div_factor");
  const double up = std::floor(a.between("pct_start", 0.0, 1.0) * steps);
  return {
      a.absolute(a.not_negative("peak_value") *
                 make(Interpolated{.at = {updates(up), updates(steps)},
                                   .values = {start, 1.0, start * a.one_over("final_div_factor")},
                                   .curve = Curve::cosine}))};
}

Translation warmup_constant(const Arguments& a) {
  return {a.absolute(polynomial(a, "peak_value", 1.0, "warmup_steps", 0.0))};
}
Translation warmup_cosine(const Arguments& a) {
  const double peak = a.not_negative("peak_value");
  const double warmup = a.whole("warmup_steps");
  const double steps = a.whole("decay_steps", 1);
  if (steps <= warmup) a.refuse("decay_steps", "counts the warmup too: it must be more than that");
  const double end = a.not_negative("end_value");
  if (end > Arguments::largest * peak && peak > 0.0)
    a.refuse_here("end_value", "must not be so far above peak_value");
  const double alpha = peak == 0.0 ? 0.0 : end / peak;
  return {a.absolute(then(warmup, line(a.not_negative("init_value"), peak),
                          cosine(peak, steps - warmup, alpha, a.power("exponent"))))};
}
Translation warmup_exponential(const Arguments& a) {
  const double peak = a.not_negative("peak_value");
  return {a.absolute(then(a.whole("warmup_steps"), line(a.not_negative("init_value"), peak),
                          exponential(a, peak)))};
}

std::vector<Schedule> curves_of(std::vector<Translation> translations) {
  std::vector<Schedule> curves;
  curves.reserve(translations.size());
  for (Translation& t : translations) curves.push_back(std::move(t.lr));
  return curves;
}

Translation sgdr(const Arguments& a) {
  const std::vector<Schedule> cycles =
      curves_of(a.schedules_from("cosine_kwargs", "warmup_cosine_decay_schedule"));
  std::vector<double> boundaries;
  double end = 0.0;
  for (const python::Value& cycle : std::get<python::List>(a.value("cosine_kwargs").is))
    for (const auto& [key, v] : std::get<python::Dictionary>(cycle.is))
      if (std::get<std::string>(key.is) == "decay_steps")
        boundaries.push_back(end += std::get<double>(v.is));
  return {joined(cycles, boundaries)};
}
Translation join(const Arguments& a) {
  return {joined(curves_of(a.schedules("schedules")), a.boundaries("boundaries", "schedules"))};
}

Translation plateau(const Arguments& a) {
  Plateau p;
  p.factor = a.positive("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  const int patience = a.count("patience");
  if (patience == 0)
    a.refuse("patience", "of 0 makes Optax cut the rate at every improvement: not translated");
  p.patience = patience - 1;
  p.threshold = a.between("rtol", 0.0, 1.0);
  p.margin = a.not_negative("atol");
  if (p.threshold == 0.0 && p.margin == 0.0) a.refuse("rtol", "or atol must be above 0, in Optax");
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown");
  p.average = a.count("accumulation_size", 1);
  p.floor = a.between("min_scale", 0.0, 1.0);
  return {make(p)};
}

}  // namespace
}  // namespace optax

Peer optax_peer() {
  using namespace optax;
  static constexpr std::array classes{
      Class{"constant_schedule", "value", "0.1", constant_schedule, ""},
      Class{"polynomial_schedule",
            "init_value, end_value, power, transition_steps, transition_begin=0",
            "init_value=0.1, end_value=0.01, power=2, transition_steps=100", polynomial_schedule,
            "Without a transition step it is init_value for ever."},
      Class{"linear_schedule", "init_value, end_value, transition_steps, transition_begin=0",
            "init_value=0.1, end_value=0.0, transition_steps=100", linear_schedule,
            "Without a transition step it is init_value for ever."},
      Class{"piecewise_constant_schedule", "init_value, boundaries_and_scales=None",
            "init_value=0.1, boundaries_and_scales={50: 0.1, 75: 0.1}", piecewise_constant,
            "The scales multiply up."},
      Class{"piecewise_interpolate_schedule",
            "interpolate_type, init_value, boundaries_and_scales=None",
            "'cosine', init_value=0.1, boundaries_and_scales={40: 0.1, 80: 0.1}",
            piecewise_interpolate, "The scales multiply up."},
      Class{"exponential_decay",
            "init_value, transition_steps, decay_rate, transition_begin=0, staircase=False, "
            "end_value=None",
            "init_value=0.1, transition_steps=20, decay_rate=0.5", exponential_decay,
            "A decay_rate of 0 means none."},
      Class{"cosine_decay_schedule", "init_value, decay_steps, alpha=0.0, exponent=1.0",
            "init_value=0.1, decay_steps=100", cosine_decay, "alpha is a fraction of init_value."},
      Class{"linear_onecycle_schedule",
            "transition_steps, peak_value, pct_start=0.3, pct_final=0.85, div_factor=25.0, "
            "final_div_factor=1e4",
            "transition_steps=100, peak_value=0.1", linear_onecycle,
            "It ends at peak / div_factor / final_div_factor."},
      Class{"cosine_onecycle_schedule",
            "transition_steps, peak_value, pct_start=0.3, div_factor=25.0, final_div_factor=1e4",
            "transition_steps=100, peak_value=0.1", cosine_onecycle,
            "It ends at peak / div_factor / final_div_factor."},
      Class{"warmup_constant_schedule", "init_value, peak_value, warmup_steps",
            "init_value=0.0, peak_value=0.1, warmup_steps=10", warmup_constant,
            "Without a warmup step it is init_value for ever."},
      Class{"warmup_cosine_decay_schedule",
            "init_value, peak_value, warmup_steps, decay_steps, end_value=0.0, exponent=1.0",
            "init_value=0.0, peak_value=0.1, warmup_steps=10, decay_steps=100", warmup_cosine,
            "decay_steps counts the warmup; in Keras it does not."},
      Class{
          "warmup_exponential_decay_schedule",
          "init_value, peak_value, warmup_steps, transition_steps, decay_rate, transition_begin=0, "
          "staircase=False, end_value=None",
          "init_value=0.0, peak_value=0.1, warmup_steps=10, transition_steps=20, decay_rate=0.5",
          warmup_exponential, ""},
      Class{"sgdr_schedule", "cosine_kwargs",
            "[{'init_value': 0.0, 'peak_value': 0.1, 'warmup_steps': 5, 'decay_steps': 40}, "
            "{'init_value': 0.0, 'peak_value': 0.1, 'warmup_steps': 5, 'decay_steps': 60}]",
            sgdr, "Each decay_steps counts its own warmup."},
      Class{"join_schedules", "schedules, boundaries",
            "[optax.linear_schedule(0.0, 0.1, 10), optax.cosine_decay_schedule(0.1, 90)], "
            "boundaries=[10]",
            join, ""},
      Class{
          "contrib.reduce_on_plateau",
          "factor=0.1, patience=10, rtol=1e-4, atol=0.0, cooldown=0, accumulation_size=1, "
          "min_scale=0.0",
          "patience=5", plateau,
          "It falls at the patience-th bad value, one earlier than PyTorch's; in Optax already for "
          "the update that the value belongs to."},
  };
  return {"optax", "Optax", classes, false, true};
}

}  // namespace anneal::sched::peers
