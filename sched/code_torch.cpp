// PyTorch's class for a schedule. Each is stepped through the run and compared before it is given
// out: our curves and PyTorch's steps meet where the tables below say, and not beyond.
#include <array>

#include "sched/algebra.h"
#include "sched/code_classes.h"
#include "sched/limits.h"
#include "sched/memory.h"
#include "sched/peers/torch_code.h"
#include "sched/peers/torch_program.h"

namespace anneal::sched {
namespace {

bool is_whole(double x) {
  return x == std::floor(x);
}

/// A number that Python takes for a float: PyTorch asks for one here and there.
std::string float_text(double x) {
  const std::string text = number_text(x);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::optional<std::string> torch_class(const Schedule& s, const Clock& window, double lr);

/// The factor for longer than any run.
std::optional<std::string> torch_constant(double factor) {
  if (!(factor > 0.0 && factor <= 1.0)) return {};
  return "lr_scheduler.ConstantLR(optimizer, factor=" + number_text(factor) +
         ", total_iters=1000000000)";
}

std::optional<std::string> torch_chain(const Form& form, const Clock& window, double lr) {
  const std::vector<double> ends = boundaries(form.parts, window);
  std::string children;
  std::vector<double> milestones;
  double begin = 0.0;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto child = torch_class(form.parts[i].schedule, window.stage(begin, ends[i]), lr);
    // A SequentialLR cannot begin another, in PyTorch.
    if (!child || child->starts_with("lr_scheduler.SequentialLR")) return {};
    children += "\n        " + *child + ",";
    if (i + 1 < ends.size()) milestones.push_back(ends[i]);
    begin = ends[i];
  }
  return "lr_scheduler.SequentialLR(optimizer, [" + children +
         "\n    ], milestones=" + list_text(milestones) + ")";
}

std::optional<std::string> torch_restarts(const Form& form, const Clock& window, double lr) {
  const double first = std::get<Length>(form.values[0]).in(window);
  const auto growth = std::get<double>(form.values[1]);
  const double floor = plain_cosine_floor(form.parts[0].schedule);
  if (floor < 0.0 || !is_whole(first) || first < 1.0 || !is_whole(growth) ||
      std::get<double>(form.values[2]) != 1.0 || std::get<int>(form.values[3]) != 0 ||
      std::get<double>(form.values[4]) != 0.0)
    return {};
  return "lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=" + number_text(first) +
         ", T_mult=" + number_text(growth) + ", eta_min=" + number_text(floor * lr) + ")";
}

/// PyTorch's relative threshold calls a worse negative loss better, and it has no margin besides:
/// where ours differs, is_better() is ours.
std::optional<TorchScheduler> torch_plateau(const Schedule& plateau, double lr) {
  static constexpr std::array<std::string_view, 9> known{
      "factor", "patience",        "threshold", "margin",          "cooldown",
      "floor",  "smallest_change", "maximize",  "signed_threshold"};
  const Form& form = *plateau.form();
  const Entry& entry = *find(form.name);
  for (std::size_t i = 0; i < entry.params.size(); ++i)
    if (std::ranges::find(known, entry.params[i].name) == known.end() &&
        form.values[i] != entry.params[i].initial)
      return {};
  const Leaf leaf(form);
  if (leaf.number("factor") >= 1.0) return {};
  const double threshold = leaf.number("threshold");
  const double margin = leaf.number("margin");
  const bool maximize = leaf.yes("maximize");
  const bool own = threshold == 0.0 || (leaf.yes("signed_threshold") && margin == 0.0);
  TorchScheduler out{.lr = lr, .moves_momentum = false};
  if (!own) {
    const std::string size = leaf.yes("signed_threshold") ? "best" : "abs(best)";
    const std::string sign = maximize ? " + " : " - ";
    out.preamble =
        "class Plateau(lr_scheduler.ReduceLROnPlateau):\n"
        "    def is_better(self, loss, best):\n"
        "        if best in (float(\"inf\"), float(\"-inf\")):\n"
        "            return loss " +
        std::string(maximize ? ">" : "<") +
        " best\n"
        "        return loss " +
        (maximize ? ">" : "<") + " best" + sign + number_text(threshold) + " * " + size + sign +
        number_text(margin) + "\n\n";
  }
  out.call = std::string(own ? "lr_scheduler.ReduceLROnPlateau" : "Plateau") +
             "(optimizer, mode=" + (maximize ? "'max'" : "'min'") +
             ", factor=" + number_text(leaf.number("factor")) +
             ", patience=" + std::to_string(leaf.whole("patience")) +
             ", threshold=" + number_text(std::max(threshold, margin)) +
             ", threshold_mode=" + (margin != 0.0 ? "'abs'" : "'rel'") +
             ", cooldown=" + std::to_string(leaf.whole("cooldown")) +
             ", min_lr=" + number_text(leaf.number("floor") * lr) +
             ", eps=" + number_text(leaf.number("smallest_change") * lr) + ")";
  return out;
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
  const double up = leaf.length("up", window) / window.total;
  if (!moved || start == 0.0 || end == 0.0 || up >= 1.0 || up * window.total == 1.0) return {};
  return "lr_scheduler.OneCycleLR(optimizer, max_lr=" + number_text(lr * factor) +
         ", total_steps=" + number_text(window.total) + ", pct_start=" + float_text(up) +
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
  return "lr_scheduler.CyclicLR(optimizer, base_lr=" + number_text(high * leaf.number("low")) +
         ", max_lr=" + number_text(high) +
         ", step_size_up=" + number_text(leaf.length("up", window)) +
         ", step_size_down=" + number_text(leaf.length("down", window)) + ", mode=" +
         (halves            ? "'triangular2'"
          : per_step == 1.0 ? "'triangular'"
                            : "'exp_range', gamma=" + number_text(per_step)) +
         *moved + ")";
}

/// OneCycleLR or CyclicLR, which set rates of their own and can move the momentum too; `momentum`
/// may be null. They cannot be a stage of SequentialLR.
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
  if (name == "endless") return torch_class(form->parts[0].schedule, without_end(window), lr);
  if (name == "over") {
    const auto [inner, planned] = without_over(s, window);
    // Some classes do not hold at their end: the run must not get there.
    const std::string of = inner.form() == nullptr ? "" : inner.form()->name;
    const bool holds = of == "linear" || of == "polynomial";
    return holds || planned.total >= window.total ? torch_class(inner, planned, lr) : std::nullopt;
  }
  if (name == "number") return torch_constant(std::get<double>(form->values[0]));
  if (!form->parts.empty() || find(name) == nullptr) return {};
  const Leaf leaf(*form);
  const auto gamma = [&] { return ", gamma=" + number_text(leaf.number("gamma")) + ")"; };
  if (name == "step" && is_whole(leaf.length("every", window)))
    return "lr_scheduler.StepLR(optimizer, step_size=" + number_text(leaf.length("every", window)) +
           gamma();
  if (name == "multistep") {
    return "lr_scheduler.MultiStepLR(optimizer, milestones=" +
           list_text(whole_steps(std::get<Lengths>(leaf.value("at")), window)) + gamma();
  }
  if (name == "exponential" && leaf.length("every", window) == 1.0)
    return "lr_scheduler.ExponentialLR(optimizer, gamma=" + number_text(leaf.number("gamma")) + ")";
  if (name == "linear" && leaf.number("from") > 0.0 && leaf.number("from") <= 1.0 &&
      leaf.number("to") <= 1.0)
    return "lr_scheduler.LinearLR(optimizer, start_factor=" + number_text(leaf.number("from")) +
           ", end_factor=" + number_text(leaf.number("to")) + ", total_iters=" + total + ")";
  if (name == "polynomial" && leaf.number("floor") == 0.0 && leaf.number("k") == 1.0 &&
      !leaf.yes("cycle") && leaf.length("every", window) == window.total)
    return "lr_scheduler.PolynomialLR(optimizer, total_iters=" + total +
           ", power=" + number_text(leaf.number("power")) + ")";
  if (const double floor = plain_cosine_floor(s); floor >= 0.0)
    return "lr_scheduler.CosineAnnealingLR(optimizer, T_max=" + total +
           ", eta_min=" + number_text(floor * lr) + ")";
  if (name == "warmup" && window.total >= 2.0 && leaf.number("from") <= 1.0) {
    const double from = leaf.number("from");
    return "lr_scheduler.LinearLR(optimizer, start_factor=" +
           number_text(from + (1.0 - from) / window.total) +
           ", total_iters=" + number_text(window.total - 1.0) + ")";
  }
  if (name == "constant") return torch_constant(leaf.number("value"));
  if (name == "wave")
    return "lr_scheduler.CosineAnnealingLR(optimizer, T_max=" +
           number_text(leaf.length("half", window)) +
           ", eta_min=" + number_text(leaf.number("floor") * lr) + ")";
  return {};
}

/// Whether PyTorch's scheduler, stepped through the run, gives the schedule's curve.
bool is_same(std::string call, double lr, const Schedule& s, bool momentum, const CodeRun& run) {
  if (call.size() > limits::text) return false;  // too long to be read again
  std::ranges::replace(call, '\n', ' ');
  const peers::torch::Program program(call, lr);
  const double unit = momentum ? 1.0 : run.lr / lr;
  Memory ours;
  Memory theirs;
  double highest = 0.0;
  for (Step step = 0; step < run.total; ++step) {
    const double wanted = unit * s(Clock::at(step, run.total, run.steps_per_epoch, {}, &ours));
    const double got =
        program.at(Clock::at(step, run.total, run.steps_per_epoch, {}, &theirs), momentum);
    highest = std::max(highest, wanted);
    if (!(std::abs(wanted - got) <= 1e-10 * wanted + 1e-14 * highest)) return false;
  }
  return true;
}

}  // namespace

std::optional<TorchScheduler> torch_scheduler(const Schedule& s, const CodeRun& run) {
  if (!(run.lr > 0.0)) return {};
  const Clock window = Clock::at(0, run.total, run.steps_per_epoch);
  const auto [factor, inner] = without_factor(s);
  if (s.watches_losses()) {
    const bool plain = inner.form() != nullptr && inner.form()->name == "plateau" && factor > 0.0;
    return plain ? torch_plateau(inner, factor * run.lr) : std::nullopt;
  }
  const Schedule* momentum = run.momentum ? &*run.momentum : nullptr;
  // A scheduler of PyTorch that is stepped here, as it was written.
  if (s.form() != nullptr && s.form()->name == "pytorch") {
    const Leaf leaf(*s.form());
    const bool same = !leaf.yes("momentum") && leaf.number("lr") == run.lr;
    if (same)
      return TorchScheduler{
          .call = peers::torch::python_of(std::get<std::string>(leaf.value("scheduler"))),
          .lr = run.lr,
          .moves_momentum = momentum != nullptr};
    return {};
  }
  if (const auto own = torch_cycle(s, momentum, window, run.lr);
      own && is_same(*own, run.lr, s, false, run) &&
      (momentum == nullptr || is_same(*own, run.lr, *momentum, true, run)))
    return TorchScheduler{.call = *own, .lr = run.lr, .moves_momentum = momentum != nullptr};
  // The other classes have factors of the optimizer's rate.
  if (!(factor > 0.0)) return {};
  if (const auto own = torch_class(inner, window, factor * run.lr);
      own && is_same(*own, factor * run.lr, s, false, run))
    return TorchScheduler{.call = *own, .lr = factor * run.lr, .moves_momentum = false};
  return {};
}

}  // namespace anneal::sched
