#include "sched/algebra.h"
#include "sched/code_classes.h"

namespace anneal::sched {
namespace {

bool is_whole(double x) {
  return x == std::floor(x);
}

/// The factor for longer than any run.
std::string torch_constant(double factor) {
  return "ConstantLR(optimizer, factor=" + number_text(factor) + ", total_iters=1000000000)";
}

std::optional<std::string> torch_chain(const Form& form, const Clock& window, double lr) {
  const std::vector<double> ends = boundaries(form.parts, window);
  std::string children;
  std::vector<double> milestones;
  double begin = 0.0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto child = torch_class(form.parts[i].schedule, window.stage(begin, ends[i]), lr);
    if (!child) return {};
    children += "\n        lr_scheduler." + *child + ",";
    if (i + 1 < ends.size()) milestones.push_back(ends[i]);
    begin = ends[i];
  }
  return "SequentialLR(optimizer, [" + children + "\n    ], milestones=" + list_text(milestones) +
         ")";
}

std::optional<std::string> torch_restarts(const Form& form, const Clock& window, double lr) {
  const double first = std::get<Length>(form.values[0]).in(window);
  const auto growth = std::get<double>(form.values[1]);
  const double floor = plain_cosine_floor(form.parts[0].schedule);
  if (floor < 0.0 || !is_whole(first) || !is_whole(growth) ||
      std::get<double>(form.values[2]) != 1.0 || std::get<int>(form.values[3]) != 0 ||
      std::get<double>(form.values[4]) != 0.0)
    return {};
  return "CosineAnnealingWarmRestarts(optimizer, T_0=" + number_text(first) +
         ", T_mult=" + number_text(growth) + ", eta_min=" + number_text(floor * lr) + ")";
}

std::optional<std::string> torch_plateau(const Leaf& leaf, double lr) {
  const double threshold = leaf.number("threshold");
  const double margin = leaf.number("margin");
  if ((threshold != 0.0 && margin != 0.0) || leaf.whole("average") != 1 ||
      leaf.whole("window") != 1 || leaf.yes("skip_cooldown"))
    return {};
  return std::string("ReduceLROnPlateau(optimizer, mode=") +
         (leaf.yes("maximize") ? "'max'" : "'min'") +
         ", factor=" + number_text(leaf.number("factor")) +
         ", patience=" + std::to_string(leaf.whole("patience")) +
         ", threshold=" + number_text(std::max(threshold, margin)) +
         ", threshold_mode=" + (margin != 0.0 ? "'abs'" : "'rel'") +
         ", cooldown=" + std::to_string(leaf.whole("cooldown")) +
         ", min_lr=" + number_text(leaf.number("floor") * lr) +
         ", eps=" + number_text(leaf.number("smallest_change") * lr) + ")";
}

/// What a schedule is inside of factors and over(); nothing for one that is not called `name`.
struct Found {
  double factor;
  Leaf leaf;
  Clock window;
};
std::optional<Found> inside(const Schedule& s, std::string_view name, const Clock& window) {
  const auto [factor, scaled] = without_factor(s);
  const auto [inner, planned] = without_over(scaled, window);
  if (inner.form() == nullptr || inner.form()->name != name) return {};
  return Found{factor, Leaf(*inner.form()), planned};
}

/// The arguments about momentum, of both classes. Nothing if the class has no such momentum.
std::optional<std::string> momentum_text(const Schedule* momentum, const Found& rate,
                                         std::string_view name) {
  if (momentum == nullptr) return ", cycle_momentum=False";
  const auto found = inside(*momentum, name, rate.window);
  if (!found || found->window.total != rate.window.total) return {};
  const auto same_length = [&](const char* key) {
    return found->leaf.length(key, found->window) == rate.leaf.length(key, rate.window);
  };
  double low = found->factor;
  double high = found->factor;
  if (name == "cyclic") {  // upside down: what is low for the rate is high here
    high *= found->leaf.number("low");
    if (!same_length("up") || !same_length("down") ||
        found->leaf.number("per_cycle") != rate.leaf.number("per_cycle") ||
        found->leaf.number("per_step") != rate.leaf.number("per_step"))
      return {};
  } else {
    low *= found->leaf.number("low");
    if (!same_length("up") || found->leaf.word("curve") != rate.leaf.word("curve") ||
        found->leaf.yes("three_phase") != rate.leaf.yes("three_phase"))
      return {};
  }
  return ", base_momentum=" + number_text(low) + ", max_momentum=" + number_text(high);
}

std::optional<std::string> one_cycle(const Found& found, const Schedule* momentum, double lr) {
  const auto& [factor, leaf, window] = found;
  const auto moved = momentum_text(momentum, found, "one_cycle_momentum");
  const double start = leaf.number("start");
  const double end = leaf.number("end");
  if (!moved || start == 0.0 || end == 0.0) return {};
  return "OneCycleLR(optimizer, max_lr=" + number_text(lr * factor) +
         ", total_steps=" + number_text(window.total) +
         ", pct_start=" + number_text(leaf.length("up", window) / window.total) +
         ", anneal_strategy=" + (leaf.word("curve") == "cosine" ? "'cos'" : "'linear'") + *moved +
         ", div_factor=" + number_text(1.0 / start) +
         ", final_div_factor=" + number_text(start / end) +
         (leaf.yes("three_phase") ? ", three_phase=True)" : ")");
}

std::optional<std::string> cyclic(const Found& found, const Schedule* momentum, double lr) {
  const auto& [factor, leaf, window] = found;
  const auto moved = momentum_text(momentum, found, "cyclic");
  const double per_cycle = leaf.number("per_cycle");
  const double per_step = leaf.number("per_step");
  const bool halves = per_cycle == 0.5 && per_step == 1.0;
  if (!moved || (per_cycle != 1.0 && !halves)) return {};
  const double high = lr * factor;
  return "CyclicLR(optimizer, base_lr=" + number_text(high * leaf.number("low")) +
         ", max_lr=" + number_text(high) +
         ", step_size_up=" + number_text(leaf.length("up", window)) +
         ", step_size_down=" + number_text(leaf.length("down", window)) + ", mode=" +
         (halves            ? "'triangular2'"
          : per_step == 1.0 ? "'triangular'"
                            : "'exp_range', gamma=" + number_text(per_step)) +
         *moved + ")";
}

}  // namespace

std::optional<std::string> torch_cycle(const Schedule& s, const Schedule* momentum,
                                       const Clock& window, double lr) {
  if (const auto found = inside(s, "one_cycle", window);
      found && found->window.total >= window.total)
    return one_cycle(*found, momentum, lr);
  if (const auto found = inside(s, "cyclic", window); found && found->window.total >= window.total)
    return cyclic(*found, momentum, lr);
  return {};
}

std::optional<std::string> torch_class(const Schedule& s, const Clock& window, double lr) {
  const Form* form = s.form();
  if (form == nullptr) return {};
  const std::string& name = form->name;
  const std::string total = number_text(window.total);
  if (name == "|") return torch_chain(*form, window, lr);
  if (name == "cycles") return torch_restarts(*form, window, lr);
  if (name == "restarts") return torch_class(form->parts[0].schedule, window, lr);
  if (name == "endless") return torch_class(form->parts[0].schedule, window, lr);
  if (name == "over") {
    const auto [inner, planned] = without_over(s, window);
    // Some classes do not hold at their end: the run must not get there.
    const std::string of = inner.form() == nullptr ? "" : inner.form()->name;
    const bool holds = of == "linear" || of == "polynomial";
    return holds || planned.total >= window.total ? torch_class(inner, planned, lr) : std::nullopt;
  }
  if (name == "number" && std::get<double>(form->values[0]) > 0.0)
    return torch_constant(std::get<double>(form->values[0]));
  if (!form->parts.empty() || find(name) == nullptr) return {};
  const Leaf leaf(*form);
  const auto gamma = [&] { return ", gamma=" + number_text(leaf.number("gamma")) + ")"; };
  if (name == "step" && is_whole(leaf.length("every", window)))
    return "StepLR(optimizer, step_size=" + number_text(leaf.length("every", window)) + gamma();
  if (name == "multistep") {
    return "MultiStepLR(optimizer, milestones=" +
           list_text(whole_steps(std::get<Lengths>(leaf.value("at")), window)) + gamma();
  }
  if (name == "exponential" && leaf.length("every", window) == 1.0)
    return "ExponentialLR(optimizer, gamma=" + number_text(leaf.number("gamma")) + ")";
  if (name == "linear" && leaf.number("from") > 0.0 && leaf.number("from") <= 1.0 &&
      leaf.number("to") <= 1.0)
    return "LinearLR(optimizer, start_factor=" + number_text(leaf.number("from")) +
           ", end_factor=" + number_text(leaf.number("to")) + ", total_iters=" + total + ")";
  if (name == "polynomial" && leaf.number("floor") == 0.0 && leaf.number("k") == 1.0 &&
      !leaf.yes("cycle") && leaf.length("every", window) == window.total)
    return "PolynomialLR(optimizer, total_iters=" + total +
           ", power=" + number_text(leaf.number("power")) + ")";
  if (const double floor = plain_cosine_floor(s); floor >= 0.0)
    return "CosineAnnealingLR(optimizer, T_max=" + total + ", eta_min=" + number_text(floor * lr) +
           ")";
  if (name == "warmup" && window.total >= 2.0) {
    const double from = leaf.number("from");
    return "LinearLR(optimizer, start_factor=" + number_text(from + (1.0 - from) / window.total) +
           ", total_iters=" + number_text(window.total - 1.0) + ")";
  }
  if (name == "constant" && leaf.number("value") > 0.0) return torch_constant(leaf.number("value"));
  if (name == "wave")
    return "CosineAnnealingLR(optimizer, T_max=" + number_text(leaf.length("half", window)) +
           ", eta_min=" + number_text(leaf.number("floor") * lr) + ")";
  if (name == "plateau") return torch_plateau(leaf, lr);
  return {};
}

}  // namespace anneal::sched
