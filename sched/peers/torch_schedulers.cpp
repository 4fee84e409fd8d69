#include "sched/peers/torch_schedulers.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace anneal::sched::peers::torch {
namespace {

Function function(const Arguments& a, std::string_view name) {
  return [formula = a.lambda(name, 1).body](double x) { return formula(std::array{x}); };
}

double rate(const Arguments& a, std::string_view name) {
  const double x = for_one_group(a, name);
  if (!(x >= 0.0)) a.refuse(name, "must not be negative: a rate never is here");
  a.rate(name, x);  // which is not too high to be a factor of the base rate
  return x;
}

double momentum(const Arguments& a, std::string_view name) {
  const double x = for_one_group(a, name);
  if (!(x >= 0.0 && x <= 1.0)) a.refuse(name, "must be between 0 and 1");
  return x;
}

double above_zero(const Arguments& a, std::string_view name) {
  const double x = a.number(name);
  if (!(x > 0.0)) a.refuse(name, "must be above 0");
  return x;
}

double in_unit_interval(const Arguments& a, std::string_view name) {
  const double x = a.number(name);
  if (!(x >= 0.0 && x <= 1.0)) a.refuse(name, "must be between 0 and 1");
  return x;
}

double total_iters(const Arguments& a) {
  const double n = a.number("total_iters");
  if (n < 0.0 || n != std::floor(n))
    a.refuse("total_iters", "must be a whole number, at least 0: PyTorch never meets another one");
  return n;
}

bool is_cosine(const Arguments& a) {
  return a.word("anneal_strategy", {"cos", "linear"}) == "cos";
}

// ---- one function for each class -----------------------------------------------------------

Owned lambda(const Arguments& a) {
  return lambda_lr(function(a, "lr_lambda"));
}
Owned multiplicative(const Arguments& a) {
  return multiplicative_lr(function(a, "lr_lambda"));
}
Owned step(const Arguments& a) {
  return step_lr(a.whole("step_size", 1.0), a.not_negative("gamma"));
}
Owned multistep(const Arguments& a) {
  for (const double m : a.numbers("milestones"))
    if (m < 0.0 || m != std::floor(m))
      a.refuse("milestones", "has " + number_text(m) +
                                 ", which no update is: PyTorch never meets it, and nothing falls "
                                 "there. Wanted whole numbers, at least 0");
  return multistep_lr(a.numbers("milestones"), a.not_negative("gamma"));
}
Owned constant(const Arguments& a) {
  const double factor = in_unit_interval(a, "factor");
  const double length = total_iters(a);
  if (factor == 0.0 && length > 0.0)
    a.refuse("factor", "must be above 0: PyTorch divides by it at update total_iters");
  return constant_lr(factor, length);
}
Owned linear(const Arguments& a) {
  const double start = in_unit_interval(a, "start_factor");
  const double length = total_iters(a);
  if (start == 0.0 && length > 0.0)
    a.refuse("start_factor", "must be above 0: PyTorch divides by it at update 1");
  return linear_lr(start, in_unit_interval(a, "end_factor"), length);
}
Owned exponential(const Arguments& a) {
  return exponential_lr(a.not_negative("gamma"));
}
Owned polynomial(const Arguments& a) {
  const double length = total_iters(a);
  return polynomial_lr(length, a.number("power") == 0.0 ? 0.0 : a.power("power"));
}
Owned cosine_annealing(const Arguments& a) {
  return cosine_annealing_lr(above_zero(a, "T_max"), rate(a, "eta_min"));
}
Owned restarts(const Arguments& a) {
  return warm_restarts(a.whole("T_0", 1.0), a.whole("T_mult", 1.0), rate(a, "eta_min"));
}

Owned cyclic(const Arguments& a) {
  a.ignore({"mode", "gamma", "scale_mode"});  // where PyTorch does
  CyclicArguments c{};
  c.base_lr = rate(a, "base_lr");
  c.max_lr = rate(a, "max_lr");
  c.step_size_up = above_zero(a, "step_size_up");
  c.step_size_down = a.given("step_size_down") ? a.not_negative("step_size_down") : c.step_size_up;
  if (a.given("scale_fn")) {
    c.scale = function(a, "scale_fn");
    c.scale_cycles = a.word("scale_mode", {"cycle", "iterations"}) == "cycle";
  } else {
    const std::string mode = a.word("mode", {"triangular", "triangular2", "exp_range"});
    const double gamma = a.number("gamma");
    c.scale_cycles = mode != "exp_range";
    if (mode == "triangular") c.scale = [](double) { return 1.0; };
    if (mode == "triangular2")
      c.scale = [](double cycle) { return 1.0 / std::pow(2.0, cycle - 1.0); };
    if (mode == "exp_range") {
      a.not_negative("gamma");
      c.scale = [gamma](double update) { return std::pow(gamma, update); };
    }
  }
  c.cycle_momentum = a.yes("cycle_momentum");
  c.base_momentum = momentum(a, "base_momentum");
  c.max_momentum = momentum(a, "max_momentum");
  return cyclic_lr(c);
}

Owned one_cycle(const Arguments& a) {
  a.ignore({"epochs", "steps_per_epoch"});  // beside total_steps, as in PyTorch
  OneCycleArguments c{};
  if (a.given("total_steps"))
    c.total_steps = a.whole("total_steps", 1.0);
  else if (a.given("epochs") && a.given("steps_per_epoch"))
    c.total_steps = a.whole("epochs", 1.0) * a.whole("steps_per_epoch", 1.0);
  else
    a.refuse("total_steps", "or epochs and steps_per_epoch must be given");
  c.pct_start = in_unit_interval(a, "pct_start");
  if (c.pct_start * c.total_steps == 1.0)
    a.refuse("pct_start", "makes the way up a single update, and PyTorch divides by its length, 0");
  c.max_lr = rate(a, "max_lr");
  c.cosine = is_cosine(a);
  c.cycle_momentum = a.yes("cycle_momentum");
  c.base_momentum = momentum(a, "base_momentum");
  c.max_momentum = momentum(a, "max_momentum");
  c.div_factor = a.positive("div_factor");
  c.final_div_factor = a.positive("final_div_factor");
  c.three_phase = a.yes("three_phase");
  return one_cycle_lr(c);
}

Owned averaging(const Arguments& a) {
  return swalr(rate(a, "swa_lr"), a.whole("anneal_epochs"), is_cosine(a));
}

std::vector<Owned> schedulers(const Arguments& a, const char* watcher_goes_into) {
  std::vector<Owned> out;
  for (const Arguments& child : a.each("schedulers")) {
    if (child.class_name() == "ReduceLROnPlateau")
      a.refuse("schedulers", "cannot hold ReduceLROnPlateau, in PyTorch; here " +
                                 std::string(watcher_goes_into) + " can");
    out.push_back(scheduler_of(child));
    child.refuse_unread();
  }
  return out;
}

Owned chained(const Arguments& a) {
  auto made = std::make_shared<Chained>();
  made->schedulers = schedulers(a, "a product");
  return made;
}

Owned sequential(const Arguments& a) {
  auto made = std::make_shared<Sequential>();
  made->schedulers = schedulers(a, "a chain");
  made->milestones = a.boundaries("milestones", "schedulers");
  const std::vector<Arguments> children = a.each("schedulers");
  for (std::size_t i = 0; i < children.size(); ++i) {
    if (children[i].class_name() == "ChainedScheduler")
      a.refuse("schedulers",
               "cannot hold ChainedScheduler, in PyTorch 1.13; here a chain can hold a product");
    if (i > 0 && children[i].class_name() == "SequentialLR")
      a.refuse("schedulers",
               "cannot hold SequentialLR but as the first, in PyTorch; write one with all the "
               "schedulers, or a chain");
  }
  return made;
}

}  // namespace

double for_one_group(const Arguments& a, std::string_view name) {
  const auto* list = std::get_if<python::List>(&a.value(name).is);
  if (list == nullptr) return a.number(name);
  if (list->size() != 1)
    a.refuse(name,
             "with several numbers is for several parameter groups: give each group its own with "
             "--lr-group");
  return a.numbers(name)[0];
}

Owned scheduler_of(const Arguments& a) {
  struct Maker {
    std::string_view name;
    Owned (*make)(const Arguments&);
  };
  static constexpr std::array makers{
      Maker{"LambdaLR", lambda},
      Maker{"MultiplicativeLR", multiplicative},
      Maker{"StepLR", step},
      Maker{"MultiStepLR", multistep},
      Maker{"ConstantLR", constant},
      Maker{"LinearLR", linear},
      Maker{"ExponentialLR", exponential},
      Maker{"PolynomialLR", polynomial},
      Maker{"CosineAnnealingLR", cosine_annealing},
      Maker{"CosineAnnealingWarmRestarts", restarts},
      Maker{"CyclicLR", cyclic},
      Maker{"OneCycleLR", one_cycle},
      Maker{"SWALR", averaging},
      Maker{"SequentialLR", sequential},
      Maker{"ChainedScheduler", chained},
  };
  const std::string_view name = a.class_name();
  if (name != "ChainedScheduler" && name != "SWALR" && a.yes("verbose"))
    a.refuse("verbose", "would print each rate: `anneal schedules` does; leave it out");
  if (name != "ChainedScheduler" && a.number("last_epoch") != -1.0)
    a.refuse("last_epoch",
             "is not translated: it is for a run that goes on, whose optimizer has an initial_lr; "
             "here offset(n, ...) is a schedule n updates later");
  return std::ranges::find(makers, name, &Maker::name)->make(a);
}

bool moves_momentum(const Arguments& a) {
  if (a.class_name() == "CyclicLR" || a.class_name() == "OneCycleLR")
    return a.yes("cycle_momentum");
  if (a.class_name() != "SequentialLR" && a.class_name() != "ChainedScheduler") return false;
  return std::ranges::any_of(a.each("schedulers"), moves_momentum);
}

}  // namespace anneal::sched::peers::torch
