// PaddlePaddle: paddle.optimizer.lr.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/cyclic.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/inverse_sqrt.h"
#include "sched/schedules/inverse_time.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/natural_exponential.h"
#include "sched/schedules/one_cycle.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace paddle {
namespace {

/// Factors of learning_rate as factors of the base rate.
Translation scaled(const Arguments& a, const Schedule& shape) {
  return {a.rate("learning_rate") * shape};
}
/// eta_min as a fraction of learning_rate.
double floor_of(const Arguments& a) {
  const double low = a.not_negative("eta_min");
  return low == 0.0 ? 0.0 : low / a.positive("learning_rate");
}
double falling(const Arguments& a, std::string_view name) {
  const double gamma = a.not_negative(name);
  if (gamma >= 1.0) a.refuse(name, "must be below 1");
  return gamma;
}

Translation noam(const Arguments& a) {
  const double warmup = a.length("warmup_steps");
  const double peak = a.rate("learning_rate") / std::sqrt(a.positive("d_model") * warmup);
  const Schedule fall = make(InverseSqrt{.timescale = updates(warmup)});
  if (warmup != std::floor(warmup)) a.refuse("warmup_steps", "must be a whole number");
  return {peak * then(warmup, line(0.0, 1.0), fall)};
}
Translation piecewise(const Arguments& a) {
  const std::vector<double> boundaries = a.numbers("boundaries");
  const std::vector<double> values = a.not_negative_numbers("values");
  if (boundaries.empty()) a.refuse("boundaries", "must not be empty");
  if (values.size() <= boundaries.size())
    a.refuse("values", "must be one more than the boundaries");
  // A boundary that is not above those before it is never waited for.
  Piecewise p{.at = {}, .values = {}};
  double reached = 0.0;
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    if (boundaries[i] <= reached) continue;
    reached = boundaries[i];
    p.at.push_back(updates(reached));
    p.values.push_back(values[i]);
  }
  p.values.push_back(values.back());
  return {a.absolute(make(p))};
}
Translation natural_exponential(const Arguments& a) {
  return scaled(a, make(NaturalExponential{.rate = a.positive("gamma"), .every = updates(1)}));
}
Translation inverse_time(const Arguments& a) {
  return scaled(a, make(InverseTime{.rate = a.not_negative("gamma"), .every = updates(1)}));
}
Translation polynomial(const Arguments& a) {
  const double from = a.rate("learning_rate");
  const double to = a.rate("end_lr");
  const double steps = a.whole("decay_steps", 1);
  const double power = a.power("power");
  const bool cycle = a.yes("cycle");
  if (from > 0.0)
    return {from *
            make(Polynomial{
                .power = power, .floor = to / from, .every = updates(steps), .cycle = cycle})};
  const std::string length = number_text(steps);
  const std::string done = cycle ? "step / (" + length + " * max(1, ceil(step / " + length + ")))"
                                 : "min(1, step / " + length + ")";
  return {to * formula("1 - (1 - " + done + ") ** " + number_text(power))};
}
Translation linear_warmup(const Arguments& a) {
  const double from = a.rate("start_lr");
  const double to = a.rate("end_lr");
  if (to <= from) a.refuse("end_lr", "must be above start_lr");
  const double steps = a.whole("warmup_steps", 1);
  if (!std::holds_alternative<python::Call>(a.value("learning_rate").is))
    return {then(steps, line(from, to), number(a.rate("learning_rate")))};
  const Schedule after = a.schedule("learning_rate").lr;
  if (after.watches_losses())
    a.refuse("learning_rate",
             "cannot be ReduceOnPlateau, whose step() LinearWarmup calls without a loss");
  return {then(steps, line(from, to), after)};
}
Translation exponential(const Arguments& a) {
  const double gamma = falling(a, "gamma");
  if (gamma == 0.0) a.refuse("gamma", "must be above 0");
  return scaled(a, make(Exponential{.gamma = gamma, .every = updates(1)}));
}
Translation multistep(const Arguments& a) {
  MultiStep shape{.gamma = falling(a, "gamma"), .at = {}};
  double last = -1.0;
  for (const double m : a.numbers("milestones")) {
    if (m <= last) a.refuse("milestones", "must be increasing, and none below 0");
    shape.at.push_back(updates(m));
    last = m;
  }
  return scaled(a, make(shape));
}
Translation step(const Arguments& a) {
  return scaled(
      a, make(StepDecay{.gamma = falling(a, "gamma"), .every = updates(a.whole("step_size", 1))}));
}
Translation lambda(const Arguments& a) {
  return scaled(a, formula(a.formula("lr_lambda")));
}
Translation multiplicative(const Arguments& a) {
  return scaled(a, cumulative(formula(a.formula("lr_lambda"))));
}
Translation reduce_on_plateau(const Arguments& a) {
  const double first = a.positive("learning_rate");
  Plateau p;
  p.maximize = a.word("mode", {"min", "max"}) == "max";
  p.factor = falling(a, "factor");
  p.patience = a.count("patience");
  const bool relative = a.word("threshold_mode", {"rel", "abs"}) == "rel";
  p.threshold = relative ? a.not_negative("threshold") : 0.0;
  p.margin = relative ? 0.0 : a.not_negative("threshold");
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown");
  p.skip_cooldown = p.cooldown > 0;
  p.floor = a.not_negative("min_lr") / first;
  p.smallest_change = std::min(1.0, a.not_negative("epsilon") / first);
  return scaled(a, make(p));
}
Translation cosine(const Arguments& a) {
  return scaled(a, make(Wave{.half = updates(a.whole("T_max", 1)), .floor = floor_of(a)}));
}
Translation warm_restarts(const Arguments& a) {
  Cycles how;
  how.first = updates(a.whole("T_0", 1));
  how.growth = a.whole("T_mult", 1);
  return scaled(a, endless(cycles(how, cosine_to(floor_of(a)))));
}
Translation one_cycle(const Arguments& a) {
  const double top = a.rate("max_learning_rate");
  const double low = a.rate("end_learning_rate");
  const double steps = a.whole("total_steps", 1);
  const double part = a.not_negative("phase_pct");
  const bool three = a.yes("three_phase");
  if (part > 1.0) a.refuse("phase_pct", "must be in [0, 1]");
  if (three && part >= 0.5) a.refuse("phase_pct", "must be below 0.5 when three_phase is True");
  if (part * steps <= 1.0 || steps == 1.0)
    a.refuse("phase_pct", "leaves no more than one update for the way up: not translated");
  if (top <= 0.0 || low > top) a.refuse("end_learning_rate", "must not be above max_learning_rate");
  const double start = a.one_over("divide_factor");
  if (start > 1.0) a.refuse("divide_factor", "below 1 is not translated: it begins above its peak");
  OneCycle shape{
      .up = updates(part * steps), .start = start, .end = low / top, .three_phase = three};
  if (a.word("anneal_strategy", {"cos", "linear"}) == "linear") shape.curve = Curve::linear;
  return {top * over(updates(steps), make(shape))};
}
Translation cyclic(const Arguments& a) {
  const double low = a.rate("base_learning_rate");
  const double high = a.rate("max_learning_rate");
  const double up = a.whole("step_size_up", 1);
  const double down = a.given("step_size_down") ? a.whole("step_size_down", 1) : up;
  const std::string mode = a.word("mode", {"triangular", "triangular2", "exp_range"});
  const double gamma = a.not_negative("exp_gamma");
  const bool in_cycles = a.word("scale_mode", {"cycle", "iterations"}) == "cycle";
  const std::string cycle = "floor(step / " + number_text(up + down) + ")";
  std::string scale = mode == "triangular2" ? "0.5 ** " + cycle
                      : mode == "exp_range" ? number_text(gamma) + " ** step"
                                            : "1";
  if (a.given("scale_fn"))
    scale = in_cycles ? replace_word(a.formula("scale_fn"), "step", "(1 + " + cycle + ")")
                      : a.formula("scale_fn");
  return {triangles(low, high, up, down, scale)};
}
Translation linear(const Arguments& a) {
  const double from = a.positive("start_factor");
  const double to = a.not_negative("end_factor");
  if (from > 1.0) a.refuse("start_factor", "must be at most 1");
  if (to > 1.0) a.refuse("end_factor", "must be at most 1");
  return scaled(a, over(updates(a.whole("total_steps", 1)), line(from, to)));
}

}  // namespace
}  // namespace paddle

Peer paddle_peer() {
  using namespace paddle;
  static constexpr std::array classes{
      Class{"NoamDecay", "d_model, warmup_steps, learning_rate=1.0", "d_model=64, warmup_steps=10",
            noam, "The first update runs at 0."},
      Class{"PiecewiseDecay", "boundaries, values", "[50, 75], [0.1, 0.01, 0.001]", piecewise, ""},
      Class{"NaturalExpDecay", "learning_rate, gamma", "0.1, gamma=0.03", natural_exponential, ""},
      Class{"InverseTimeDecay", "learning_rate, gamma", "0.1, gamma=0.1", inverse_time, ""},
      Class{"PolynomialDecay", "learning_rate, decay_steps, end_lr=0.0001, power=1.0, cycle=False",
            "0.1, decay_steps=100", polynomial, "With cycle=True the peaks get lower."},
      Class{"LinearWarmup", "learning_rate, warmup_steps, start_lr, end_lr",
            "paddle.CosineAnnealingDecay(0.1, T_max=90), warmup_steps=10, start_lr=0.0, end_lr=0.1",
            linear_warmup, "end_lr need not be the rate that follows."},
      Class{"ExponentialDecay", "learning_rate, gamma", "0.1, gamma=0.97", exponential, ""},
      Class{"MultiStepDecay", "learning_rate, milestones, gamma=0.1", "0.1, milestones=[50, 75]",
            multistep, ""},
      Class{"StepDecay", "learning_rate, step_size, gamma=0.1", "0.1, step_size=30", step, ""},
      Class{"LambdaDecay", "learning_rate, lr_lambda", "0.1, lr_lambda=lambda x: 0.95**x", lambda,
            ""},
      Class{"ReduceOnPlateau",
            "learning_rate, mode='min', factor=0.1, patience=10, threshold=1e-4, "
            "threshold_mode='rel', cooldown=0, min_lr=0, epsilon=1e-8",
            "0.1, patience=5", reduce_on_plateau,
            "An evaluation in the cooldown is not seen at all, not even as the best one."},
      Class{"CosineAnnealingDecay", "learning_rate, T_max, eta_min=0", "0.1, T_max=100", cosine,
            "Past T_max it climbs again, with period 2 T_max."},
      Class{"MultiplicativeDecay", "learning_rate, lr_lambda", "0.1, lr_lambda=lambda x: 0.95",
            multiplicative, "The function's value at 0 is never used."},
      Class{"OneCycleLR",
            "max_learning_rate, total_steps, divide_factor=25.0, end_learning_rate=0.0001, "
            "phase_pct=0.3, anneal_strategy='cos', three_phase=False",
            "0.1, total_steps=100", one_cycle,
            "end_learning_rate is a rate, not a divisor. One step too many makes it climb in "
            "Paddle; here it holds."},
      Class{"CyclicLR",
            "base_learning_rate, max_learning_rate, step_size_up, step_size_down=None, "
            "mode='triangular', exp_gamma=1.0, scale_fn=None, scale_mode='cycle'",
            "0.01, 0.1, step_size_up=20", cyclic, "scale_mode counts for scale_fn alone."},
      Class{"LinearLR", "learning_rate, total_steps, start_factor=1/3, end_factor=1.0",
            "0.1, total_steps=20", linear, ""},
      Class{"CosineAnnealingWarmRestarts", "learning_rate, T_0, T_mult=1, eta_min=0",
            "0.1, T_0=10, T_mult=2", warm_restarts, ""},
  };
  return {"paddle", "PaddlePaddle", classes, false};
}

}  // namespace anneal::sched::peers
