// PyTorch: torch.optim.lr_scheduler and torch.optim.swa_utils.SWALR. Where a curve of ours is the
// same, the translation is that; everything else is stepped as PyTorch steps it (`pytorch`).
#include <array>
#include <cmath>

#include "sched/limits.h"
#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/peers/torch_schedulers.h"
#include "sched/schedules/cyclic.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/one_cycle.h"
#include "sched/schedules/one_cycle_momentum.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/pytorch.h"
#include "sched/schedules/step.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace torch {
namespace {

Translation stepped(const Arguments& a) {
  Pytorch run{.scheduler = a.call_text(), .lr = a.base()};
  Translation out{make(run)};
  run.momentum = true;
  if (moves_momentum(a)) out.momentum = make(run);
  return out;
}

/// Checks the arguments by making PyTorch's object of them, so that no mistake is found below, in
/// terms of ours.
template <Translation (*translate)(const Arguments&)>
Translation checked(const Arguments& a) {
  scheduler_of(a);
  return translate(a);
}

bool is_whole(double x) {
  return x == std::floor(x);
}

double floor_of(const Arguments& a) {
  const double eta_min = for_one_group(a, "eta_min");
  return eta_min == 0.0 ? 0.0 : a.of_base(eta_min);
}

Curve curve_of(const Arguments& a) {
  return a.word("anneal_strategy", {"cos", "linear"}) == "cos" ? Curve::cosine : Curve::linear;
}

Translation lambda_curve(const Arguments& a) {
  return {formula(a.formula("lr_lambda"))};
}
Translation multiplicative_curve(const Arguments& a) {
  return {cumulative(formula(a.formula("lr_lambda")))};
}
Translation step_curve(const Arguments& a) {
  return {make(StepDecay{.gamma = a.number("gamma"), .every = updates(a.number("step_size"))})};
}
Translation multistep_curve(const Arguments& a) {
  Lengths at;
  std::vector<double> milestones = a.numbers("milestones");
  std::ranges::sort(milestones);
  for (const double m : milestones) at.push_back(updates(m));
  return {make(MultiStep{.gamma = a.number("gamma"), .at = at})};
}
/// PyTorch takes any number.
double iterations(const Arguments& a) {
  const double length = a.number("total_iters");
  if (length > limits::updates)
    a.refuse("total_iters", "must be at most " + number_text(limits::updates));
  return length;
}
Translation constant_curve(const Arguments& a) {
  const double factor = a.number("factor");
  const double length = iterations(a);
  // Without an iteration to undo it at, the factor stays.
  if (length == 0.0) return {number(factor)};
  return {make(Piecewise{.at = {updates(length)}, .values = {factor, 1.0}})};
}
Translation linear_curve(const Arguments& a) {
  const double start = a.number("start_factor");
  const double length = iterations(a);
  if (length == 0.0) return {number(start)};
  return {over(updates(length), line(start, a.number("end_factor")))};
}
Translation exponential_curve(const Arguments& a) {
  return {make(Exponential{.gamma = a.number("gamma"), .every = updates(1)})};
}
Translation polynomial_curve(const Arguments& a) {
  const double length = iterations(a);
  const double power = a.number("power");
  if (length == 0.0 || power == 0.0) return {number(1.0)};
  return {over(updates(length), make(Polynomial{.power = power}))};
}
Translation cosine_curve(const Arguments& a) {
  const double half = a.number("T_max");
  if (!is_whole(half)) return stepped(a);  // it is never at its trough
  return {make(Wave{.half = updates(half), .floor = floor_of(a)})};
}
Translation restarts_curve(const Arguments& a) {
  Cycles how;
  how.first = updates(a.number("T_0"));
  how.growth = a.number("T_mult");
  return {cycles(how, cosine_to(floor_of(a)))};
}

Translation cyclic_curve(const Arguments& a) {
  const std::string mode =
      a.given("scale_fn") ? "" : a.word("mode", {"triangular", "triangular2", "exp_range"});
  Cyclic shape;
  shape.up = updates(a.number("step_size_up"));
  shape.down = a.given("step_size_down") ? updates(a.number("step_size_down")) : shape.up;
  if (mode == "triangular2") shape.per_cycle = 0.5;
  if (mode == "exp_range") shape.per_step = a.number("gamma");
  const double low = for_one_group(a, "base_lr");
  const double high = for_one_group(a, "max_lr");
  const double least = for_one_group(a, "base_momentum");
  const double most = for_one_group(a, "max_momentum");
  const bool moves = a.yes("cycle_momentum");
  const auto unlike = [](double from, double to) { return to == 0.0 || from > 1e6 * to; };
  if (mode.empty() || shape.down.amount == 0.0 || shape.per_step > 1.0 || unlike(low, high) ||
      (moves && unlike(most, least)))
    return stepped(a);
  const auto between_rates = [&](double from, double to) {
    Cyclic curve = shape;
    curve.low = from / to;
    return to * make(curve);
  };
  Translation out{a.absolute(between_rates(low, high))};
  if (moves) out.momentum = between_rates(most, least);  // it moves against the rate
  return out;
}

Translation one_cycle_curve(const Arguments& a) {
  const double steps = a.given("total_steps") ? a.number("total_steps")
                                              : a.number("epochs") * a.number("steps_per_epoch");
  const double up = a.number("pct_start") * steps;
  const double start = 1.0 / a.number("div_factor");
  const double end = start / a.number("final_div_factor");
  const double least = for_one_group(a, "base_momentum");
  const double most = for_one_group(a, "max_momentum");
  const bool moves = a.yes("cycle_momentum");
  if (up == 0.0 || start > 1.0 || end > 1.0 || (moves && least > most)) return stepped(a);
  const OneCycle curve{.up = updates(up),
                       .start = start,
                       .end = end,
                       .curve = curve_of(a),
                       .three_phase = a.yes("three_phase")};
  Translation out{a.absolute(for_one_group(a, "max_lr") * over(updates(steps), make(curve)))};
  if (moves) {
    const OneCycleMomentum against{.up = curve.up,
                                   .low = most == 0.0 ? 1.0 : least / most,
                                   .curve = curve.curve,
                                   .three_phase = curve.three_phase};
    out.momentum = most * over(updates(steps), make(against));
  }
  return out;
}

Translation swalr_curve(const Arguments& a) {
  const double to = a.of_base(for_one_group(a, "swa_lr"));
  const double length = a.number("anneal_epochs");
  if (length == 0.0) return {number(to)};
  return {make(Interpolated{.at = {updates(length)}, .values = {1.0, to}, .curve = curve_of(a)})};
}

Translation reduce_on_plateau(const Arguments& a) {
  if (a.yes("verbose")) a.refuse("verbose", "would print each fall: leave it out");
  Plateau p;
  p.maximize = a.word("mode", {"min", "max"}) == "max";
  p.factor = a.not_negative("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  p.patience = a.count("patience");
  const bool relative = a.word("threshold_mode", {"rel", "abs"}) == "rel";
  const double threshold = a.not_negative("threshold");
  if (threshold > 1e6) a.refuse("threshold", "must be at most 1e6");
  p.threshold = relative ? threshold : 0.0;
  p.margin = relative ? 0.0 : threshold;
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown");
  const double least = for_one_group(a, "min_lr");
  if (least < 0.0) a.refuse("min_lr", "must not be negative");
  p.floor = least == 0.0 ? 0.0 : a.of_base(least);
  if (p.floor > Arguments::largest)
    a.refuse_here("min_lr", "must be at most " + number_text(Arguments::largest) +
                                " times the learning rate");
  p.smallest_change = std::min(1.0, a.of_base(a.not_negative("eps")));
  return {make(p)};
}

// ---- compositions --------------------------------------------------------------------------

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

/// Whether what it does to the rate is to multiply it by numbers that depend on nothing else.
bool multiplies(const Arguments& a) {
  return is_one_of(a.class_name(), {"MultiplicativeLR", "StepLR", "MultiStepLR", "ConstantLR",
                                    "LinearLR", "ExponentialLR", "PolynomialLR"});
}

/// Whether step(0) begins its curve anew from the optimizer's rate: MultiplicativeLR and SWALR go
/// on from the rate that they find, and those with rates of their own change the others'.
bool begins_anew(const Arguments& a) {
  if (is_one_of(a.class_name(), {"ConstantLR", "LinearLR", "PolynomialLR"}))
    return a.number("total_iters") > 0.0;
  if (a.class_name() == "CosineAnnealingLR") return is_whole(a.number("T_max"));
  return is_one_of(a.class_name(), {"LambdaLR", "StepLR", "MultiStepLR", "ExponentialLR",
                                    "CosineAnnealingWarmRestarts"});
}

std::vector<Schedule> curves_of(const Arguments& a) {
  std::vector<Schedule> out;
  for (const Translation& t : a.schedules("schedulers")) out.push_back(t.lr);
  return out;
}

Translation sequential_curve(const Arguments& a) {
  const std::vector<double> milestones = a.numbers("milestones");
  // Strictly: of two that are the same, or one at 0, PyTorch begins but one scheduler.
  double before = 0.0;
  for (const double m : milestones) {
    if (!is_whole(m) || m <= before) return stepped(a);
    before = m;
  }
  if (!std::ranges::all_of(a.each("schedulers"), begins_anew)) return stepped(a);
  return {joined(curves_of(a), milestones)};
}

Translation chained_curve(const Arguments& a) {
  if (!std::ranges::all_of(a.each("schedulers"), multiplies)) return stepped(a);
  const std::vector<Schedule> curves = curves_of(a);
  Schedule product = curves[0];
  for (std::size_t i = 1; i < curves.size(); ++i) product = product * curves[i];
  return {product};
}

}  // namespace
}  // namespace torch

Peer torch_peer() {
  using namespace torch;
  static constexpr std::array classes{
      Class{"LambdaLR", "lr_lambda, last_epoch=-1, verbose=False",
            "lr_lambda=lambda step: 0.95**step", checked<lambda_curve>, ""},
      Class{"MultiplicativeLR", "lr_lambda, last_epoch=-1, verbose=False",
            "lr_lambda=lambda step: 0.95", checked<multiplicative_curve>,
            "The function's value at 0 is never used."},
      Class{"StepLR", "step_size, gamma=0.1, last_epoch=-1, verbose=False", "step_size=30",
            checked<step_curve>, ""},
      Class{"MultiStepLR", "milestones, gamma=0.1, last_epoch=-1, verbose=False",
            "milestones=[50, 75]", checked<multistep_curve>,
            "A milestone that is given twice counts twice."},
      Class{"ConstantLR", "factor=1/3, total_iters=5, last_epoch=-1, verbose=False",
            "factor=0.5, total_iters=20", checked<constant_curve>,
            "With total_iters=0 the factor is never undone."},
      Class{"LinearLR",
            "start_factor=1/3, end_factor=1.0, total_iters=5, last_epoch=-1, verbose=False",
            "start_factor=0.1, total_iters=20", checked<linear_curve>, ""},
      Class{"ExponentialLR", "gamma, last_epoch=-1, verbose=False", "gamma=0.97",
            checked<exponential_curve>, ""},
      Class{"PolynomialLR", "total_iters=5, power=1.0, last_epoch=-1, verbose=False",
            "total_iters=100, power=2.0", checked<polynomial_curve>, ""},
      Class{"CosineAnnealingLR", "T_max, eta_min=0.0, last_epoch=-1, verbose=False", "T_max=100",
            checked<cosine_curve>, "Past T_max it climbs again, with period 2 T_max."},
      Class{"CosineAnnealingWarmRestarts",
            "T_0, T_mult=1, eta_min=0.0, last_epoch=-1, verbose=False", "T_0=10, T_mult=2",
            checked<restarts_curve>, ""},
      Class{
          "CyclicLR",
          "base_lr, max_lr, step_size_up=2000, step_size_down=None, mode='triangular', gamma=1.0, "
          "scale_fn=None, scale_mode='cycle', cycle_momentum=True, base_momentum=0.8, "
          "max_momentum=0.9, last_epoch=-1, verbose=False",
          "base_lr=0.01, max_lr=0.1, step_size_up=20", checked<cyclic_curve>,
          "Its rates are absolute. The momentum moves against the rate."},
      Class{
          "OneCycleLR",
          "max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3, "
          "anneal_strategy='cos', cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, "
          "div_factor=25.0, final_div_factor=1e4, three_phase=False, last_epoch=-1, verbose=False",
          "max_lr=0.1, total_steps=100", checked<one_cycle_curve>,
          "Its rates are absolute. One step too many makes it climb in PyTorch (or fall below 0); "
          "here it holds."},
      Class{
          "ReduceLROnPlateau",
          "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, "
          "min_lr=0, eps=1e-8, verbose=False",
          "patience=5", reduce_on_plateau,
          "It falls at the patience + 1st bad evaluation. A relative threshold calls a worse "
          "negative value better."},
      Class{"SWALR", "swa_lr, anneal_epochs=10, anneal_strategy='cos', last_epoch=-1",
            "swa_lr=0.05", checked<swalr_curve>, ""},
      Class{"SequentialLR", "schedulers, milestones, last_epoch=-1, verbose=False",
            "[torch.LinearLR(start_factor=0.1, total_iters=10), "
            "torch.CosineAnnealingLR(T_max=90)], milestones=[10]",
            checked<sequential_curve>,
            "Each scheduler begins at its own 0, most from the base rate. Those that do not "
            "(SWALR, MultiplicativeLR), or that change it for the others (OneCycleLR, CyclicLR), "
            "are stepped as in PyTorch."},
      Class{"ChainedScheduler", "schedulers",
            "[torch.ConstantLR(factor=0.1, total_iters=5), torch.ExponentialLR(gamma=0.97)]",
            checked<chained_curve>,
            "The product of the schedulers' factors where each multiplies the rate; where one does "
            "more (CosineAnnealingLR past T_max, LambdaLR, ...) they are stepped as in PyTorch."},
  };
  return {"torch", "PyTorch", classes};
}

}  // namespace anneal::sched::peers
