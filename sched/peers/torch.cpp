// PyTorch: torch.optim.lr_scheduler and torch.optim.swa_utils.SWALR.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/cyclic.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/one_cycle.h"
#include "sched/schedules/one_cycle_momentum.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace torch {
namespace {

Translation lambda_lr(const Arguments& a) {
  return {formula(a.formula("lr_lambda"))};
}
Translation multiplicative_lr(const Arguments& a) {
  return {cumulative(formula(a.formula("lr_lambda")))};
}
Translation step_lr(const Arguments& a) {
  return {
      make(StepDecay{.gamma = a.not_negative("gamma"), .every = updates(a.whole("step_size", 1))})};
}
Translation multistep_lr(const Arguments& a) {
  Lengths at;
  std::vector<double> milestones = a.numbers("milestones");
  std::ranges::sort(milestones);
  for (const double m : milestones) {
    if (m < 0.0) a.refuse("milestones", "must not be negative");
    at.push_back(updates(m));
  }
  return {make(MultiStep{.gamma = a.not_negative("gamma"), .at = at})};
}
Translation constant_lr(const Arguments& a) {
  const double factor = a.not_negative("factor");
  const double length = a.whole("total_iters");
  // Without an iteration to undo it at, the factor stays.
  if (length == 0.0) return {number(factor)};
  return {make(Piecewise{.at = {updates(length)}, .values = {factor, 1.0}})};
}
Translation linear_lr(const Arguments& a) {
  const double start = a.not_negative("start_factor");
  const double length = a.whole("total_iters");
  if (length == 0.0) return {number(start)};
  return {over(updates(length), line(start, a.not_negative("end_factor")))};
}
Translation exponential_lr(const Arguments& a) {
  return {make(Exponential{.gamma = a.not_negative("gamma"), .every = updates(1)})};
}
Translation polynomial_lr(const Arguments& a) {
  const double length = a.whole("total_iters");
  if (length == 0.0) return {number(1.0)};
  return {over(updates(length), make(Polynomial{.power = a.positive("power")}))};
}
Translation cosine_annealing_lr(const Arguments& a) {
  const double eta_min = a.not_negative("eta_min");
  return {make(Wave{.half = updates(a.positive("T_max")),
                    .floor = eta_min == 0.0 ? 0.0 : a.of_base(eta_min)})};
}
Translation warm_restarts(const Arguments& a) {
  const double eta_min = a.not_negative("eta_min");
  Cycles how;
  how.first = updates(a.whole("T_0", 1));
  how.growth = a.whole("T_mult", 1);
  return {cycles(how, cosine_to(eta_min == 0.0 ? 0.0 : a.of_base(eta_min)))};
}

Translation cyclic_lr(const Arguments& a) {
  if (a.given("scale_fn")) a.refuse("scale_fn", "is not translated");
  a.ignore({"scale_mode", "gamma", "base_momentum", "max_momentum"});  // as the mode has it
  Cyclic shape;
  shape.up = updates(a.positive("step_size_up"));
  shape.down = a.given("step_size_down") ? updates(a.positive("step_size_down")) : shape.up;
  const std::string mode = a.word("mode", {"triangular", "triangular2", "exp_range"});
  if (mode == "triangular2") shape.per_cycle = 0.5;
  if (mode == "exp_range") shape.per_step = a.not_negative("gamma");
  const auto between_rates = [&](double from, double to) {
    Cyclic curve = shape;
    curve.low = from / to;
    return to * make(curve);
  };
  Translation out{a.absolute(between_rates(a.not_negative("base_lr"), a.positive("max_lr")))};
  if (a.yes("cycle_momentum"))  // it moves against the rate
    out.momentum = between_rates(a.not_negative("max_momentum"), a.positive("base_momentum"));
  return out;
}

Translation one_cycle_lr(const Arguments& a) {
  a.ignore({"epochs", "steps_per_epoch", "base_momentum", "max_momentum"});  // without total_steps
  double steps = 0.0;
  if (a.given("total_steps"))
    steps = a.whole("total_steps", 1);
  else if (a.given("epochs") && a.given("steps_per_epoch"))
    steps = a.whole("epochs", 1) * a.whole("steps_per_epoch", 1);
  else
    a.refuse("total_steps", "or epochs and steps_per_epoch must be given");
  const double pct = a.not_negative("pct_start");
  if (pct > 1.0) a.refuse("pct_start", "must be in [0, 1]");
  const Curve curve =
      a.word("anneal_strategy", {"cos", "linear"}) == "cos" ? Curve::cosine : Curve::linear;
  const bool three_phase = a.yes("three_phase");
  const Length up = updates(std::max(pct * steps, 1e-9));
  const double start = 1.0 / a.positive("div_factor");
  Translation out{
      a.absolute(a.not_negative("max_lr") *
                 over(updates(steps), make(OneCycle{.up = up,
                                                    .start = start,
                                                    .end = start / a.positive("final_div_factor"),
                                                    .curve = curve,
                                                    .three_phase = three_phase})))};
  if (a.yes("cycle_momentum")) {
    const double high = a.positive("max_momentum");
    out.momentum = high * over(updates(steps),
                               make(OneCycleMomentum{.up = up,
                                                     .low = a.not_negative("base_momentum") / high,
                                                     .curve = curve,
                                                     .three_phase = three_phase}));
  }
  return out;
}

Translation reduce_on_plateau(const Arguments& a) {
  Plateau p;
  p.maximize = a.word("mode", {"min", "max"}) == "max";
  p.factor = a.not_negative("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  p.patience = a.count("patience");
  const bool relative = a.word("threshold_mode", {"rel", "abs"}) == "rel";
  p.threshold = relative ? a.not_negative("threshold") : 0.0;
  p.margin = relative ? 0.0 : a.not_negative("threshold");
  p.signed_threshold = true;
  p.cooldown = a.count("cooldown");
  p.floor = a.of_base(a.not_negative("min_lr"));
  p.smallest_change = std::min(1.0, a.of_base(a.not_negative("eps")));
  return {make(p)};
}

Translation swalr(const Arguments& a) {
  const double to = a.of_base(a.not_negative("swa_lr"));
  const double length = a.whole("anneal_epochs");
  const Curve curve =
      a.word("anneal_strategy", {"cos", "linear"}) == "cos" ? Curve::cosine : Curve::linear;
  if (length == 0.0) return {make(Piecewise{.at = {updates(1)}, .values = {1.0, to}})};
  return {make(Interpolated{.at = {updates(length)}, .values = {1.0, to}, .curve = curve})};
}

bool ends_in(const python::Call& call, std::string_view name) {
  return call.path == name || call.path.ends_with("." + std::string(name));
}

Translation sequential_lr(const Arguments& a) {
  const std::vector<Translation> children = a.schedules("schedulers");
  const std::vector<python::Call> calls = a.calls("schedulers");
  const std::vector<double> milestones = a.boundaries("milestones", "schedulers");
  std::vector<Schedule> stages;
  std::vector<Schedule> momenta;
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].lr.watches_losses())
      a.refuse("schedulers", "cannot hold ReduceLROnPlateau, in PyTorch; here a chain can");
    Schedule stage = children[i].lr;
    if (i > 0 && ends_in(calls[i], "MultiplicativeLR")) {
      // It has no closed form to begin anew from: it goes on from the rate that it finds.
      const double before = i == 1 ? 0.0 : milestones[i - 2];
      const double last = std::max(milestones[i - 1] - 1.0 - before, 0.0);
      stage = stages.back()({.step = last, .total = 1e15}) * stage;
    }
    stages.push_back(stage);
    if (children[i].momentum) momenta.push_back(*children[i].momentum);
  }
  Translation out{joined(stages, milestones)};
  if (momenta.size() == stages.size()) out.momentum = joined(momenta, milestones);
  return out;
}

/// These set the rate anew at each step, whatever the others have made of it.
bool overwrites(const python::Call& call) {
  return std::ranges::any_of(
      std::array{"LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR"},
      [&](const char* name) { return ends_in(call, name); });
}

Translation chained(const Arguments& a) {
  std::vector<Translation> children = a.schedules("schedulers");
  const std::vector<python::Call> calls = a.calls("schedulers");
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].lr.watches_losses())
      a.refuse("schedulers", "cannot hold ReduceLROnPlateau, in PyTorch; here a product can");
    if (overwrites(calls[i]) && i + 1 < children.size())
      a.refuse("schedulers", "has " + calls[i].path +
                                 " before others, which sets the rate anew at each step and undoes "
                                 "what they did: put it last, or write a product");
    const Form* form = children[i].lr.form();
    if (ends_in(calls[i], "CosineAnnealingLR") && form->name == "wave" &&
        std::get<double>(form->values[1]) > 0.0)
      a.refuse("schedulers",
               "has CosineAnnealingLR with an eta_min, whose steps add to the rate: that is no "
               "product, and is not translated");
  }
  if (overwrites(calls.back())) return std::move(children.back());
  Schedule product = children[0].lr;
  for (std::size_t i = 1; i < children.size(); ++i) product = product * children[i].lr;
  return {product};
}

}  // namespace
}  // namespace torch

Peer torch_peer() {
  using namespace torch;
  static constexpr std::array classes{
      Class{"LambdaLR", "lr_lambda", "lr_lambda=lambda step: 0.95**step", lambda_lr, ""},
      Class{
          "MultiplicativeLR", "lr_lambda", "lr_lambda=lambda step: 0.95", multiplicative_lr,
          "The function's value at 0 is never used. In SequentialLR it goes on from the rate that "
          "it finds."},
      Class{"StepLR", "step_size, gamma=0.1", "step_size=30", step_lr, ""},
      Class{"MultiStepLR", "milestones, gamma=0.1", "milestones=[50, 75]", multistep_lr,
            "A milestone that is given twice counts twice."},
      Class{"ConstantLR", "factor=1/3, total_iters=5", "factor=0.5, total_iters=20", constant_lr,
            "With total_iters=0 the factor is never undone."},
      Class{"LinearLR", "start_factor=1/3, end_factor=1.0, total_iters=5",
            "start_factor=0.1, total_iters=20", linear_lr, ""},
      Class{"ExponentialLR", "gamma", "gamma=0.97", exponential_lr, ""},
      Class{"PolynomialLR", "total_iters=5, power=1.0", "total_iters=100, power=2.0", polynomial_lr,
            ""},
      Class{"CosineAnnealingLR", "T_max, eta_min=0.0", "T_max=100", cosine_annealing_lr,
            "Past T_max it climbs again, with period 2 T_max."},
      Class{"CosineAnnealingWarmRestarts", "T_0, T_mult=1, eta_min=0.0", "T_0=10, T_mult=2",
            warm_restarts, ""},
      Class{
          "CyclicLR",
          "base_lr, max_lr, step_size_up=2000, step_size_down=None, mode='triangular', gamma=1.0, "
          "scale_fn=None, scale_mode='cycle', cycle_momentum=True, base_momentum=0.8, "
          "max_momentum=0.9",
          "base_lr=0.01, max_lr=0.1, step_size_up=20", cyclic_lr,
          "Its rates are absolute. The momentum moves against the rate."},
      Class{
          "OneCycleLR",
          "max_lr, total_steps=None, epochs=None, steps_per_epoch=None, pct_start=0.3, "
          "anneal_strategy='cos', cycle_momentum=True, base_momentum=0.85, max_momentum=0.95, "
          "div_factor=25.0, final_div_factor=1e4, three_phase=False",
          "max_lr=0.1, total_steps=100", one_cycle_lr,
          "Its rates are absolute. One step too many makes it climb in PyTorch (or fall below 0); "
          "here it holds."},
      Class{
          "ReduceLROnPlateau",
          "mode='min', factor=0.1, patience=10, threshold=1e-4, threshold_mode='rel', cooldown=0, "
          "min_lr=0, eps=1e-8",
          "patience=5", reduce_on_plateau,
          "It falls at the patience + 1st bad evaluation. A relative threshold calls a worse "
          "negative value better."},
      Class{"SWALR", "swa_lr, anneal_epochs=10, anneal_strategy='cos'", "swa_lr=0.05", swalr, ""},
      Class{"SequentialLR", "schedulers, milestones",
            "[torch.LinearLR(start_factor=0.1, total_iters=10), "
            "torch.CosineAnnealingLR(T_max=90)], milestones=[10]",
            sequential_lr, "Each scheduler begins at its own 0 and from the base rate."},
      Class{"ChainedScheduler", "schedulers",
            "[torch.ConstantLR(factor=0.1, total_iters=5), torch.ExponentialLR(gamma=0.97)]",
            chained,
            "The product of the schedulers' factors. One that sets the rate anew (LambdaLR, "
            "OneCycleLR, ...) "
            "undoes those before it."},
  };
  return {"torch", "PyTorch", classes};
}

}  // namespace anneal::sched::peers
