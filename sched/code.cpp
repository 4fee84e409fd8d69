#include "sched/code.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sched/algebra.h"
#include "sched/fail.h"
#include "sched/formula.h"
#include "sched/memory.h"
#include "sched/registry.h"

namespace anneal::sched {
namespace {

/// A schedule of the registry with its values by name.
class Leaf {
 public:
  explicit Leaf(const Form& form) : form_(&form), entry_(find(form.name)) {}
  double number(std::string_view name) const { return std::get<double>(value(name)); }
  int whole(std::string_view name) const { return std::get<int>(value(name)); }
  bool yes(std::string_view name) const { return std::get<bool>(value(name)); }
  double length(std::string_view name, const Clock& window) const {
    return std::get<Length>(value(name)).in(window);
  }
  const Value& value(std::string_view name) const {
    const auto at = std::ranges::find(entry_->params, name, &ParamInfo::name);
    return form_->values[static_cast<std::size_t>(at - entry_->params.begin())];
  }

 private:
  const Form* form_;
  const Entry* entry_;
};

bool is_whole(double x) {
  return x == std::floor(x);
}

std::string list_text(const std::vector<double>& values) {
  std::string text;
  for (const double v : values) text += (text.empty() ? "" : ", ") + number_text(v);
  return "[" + text + "]";
}

/// The plain cosine, whose one other parameter is its floor; negative if it is not that.
double plain_cosine_floor(const Schedule& s) {
  const Form* form = s.form();
  if (form == nullptr || form->name != "cosine") return -1.0;
  const Leaf leaf(*form);
  return leaf.number("exponent") == 1.0 && leaf.number("half_cycles") == 1.0 &&
                 leaf.number("k") == 1.0
             ? leaf.number("floor")
             : -1.0;
}

// ---- PyTorch ---------------------------------------------------------------------------------

/// The scheduler's class and arguments after the optimizer, or nothing if there is none that gives
/// the curve. `lr` is the optimizer's.
std::optional<std::string> torch_class(const Schedule& s, const Clock& window, double lr);

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
  if ((threshold != 0.0 && margin != 0.0) || leaf.whole("average") != 1) return {};
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
    Clock planned = window;
    planned.total = std::get<Length>(form->values[0]).steps_in(window);
    // Some classes do not hold at their end: the run must not get there.
    const std::string inner =
        form->parts[0].schedule.form() ? form->parts[0].schedule.form()->name : "";
    const bool holds = inner == "linear" || inner == "polynomial";
    return holds || planned.total >= window.total
               ? torch_class(form->parts[0].schedule, planned, lr)
               : std::nullopt;
  }
  if (name == "number" && std::get<double>(form->values[0]) > 0.0)
    return torch_constant(std::get<double>(form->values[0]));
  if (!form->parts.empty() || find(name) == nullptr) return {};
  const Leaf leaf(*form);
  const auto gamma = [&] { return ", gamma=" + number_text(leaf.number("gamma")) + ")"; };
  if (name == "step" && is_whole(leaf.length("every", window)))
    return "StepLR(optimizer, step_size=" + number_text(leaf.length("every", window)) + gamma();
  if (name == "multistep") {
    std::vector<double> milestones;
    for (const Length& at : std::get<Lengths>(leaf.value("at")))
      milestones.push_back(std::ceil(at.in(window)-1e-9));
    return "MultiStepLR(optimizer, milestones=" + list_text(milestones) + gamma();
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

// ---- Keras and Optax -------------------------------------------------------------------------

std::optional<std::string> keras_class(const Schedule& s, const Clock& window, double lr) {
  const Form* form = s.form();
  if (form == nullptr) return {};
  const std::string rate = number_text(lr);
  const std::string total = number_text(window.total);
  if (const double floor = plain_cosine_floor(s); floor >= 0.0)
    return "schedules.CosineDecay(" + rate + ", decay_steps=" + total +
           ", alpha=" + number_text(floor) + ")";
  if (form->name == "|" && form->parts.size() == 2 && form->parts[0].schedule.form() != nullptr &&
      form->parts[0].schedule.form()->name == "linear") {
    const Leaf warmup(*form->parts[0].schedule.form());
    const double end = boundaries(form->parts, window)[0];
    const double floor = plain_cosine_floor(form->parts[1].schedule);
    if (warmup.number("to") == 1.0 && floor >= 0.0)
      return "schedules.CosineDecay(" + number_text(lr * warmup.number("from")) +
             ", decay_steps=" + number_text(window.total - end) + ", alpha=" + number_text(floor) +
             ", warmup_target=" + rate + ", warmup_steps=" + number_text(end) + ")";
  }
  if (find(form->name) == nullptr || !form->parts.empty()) return {};
  const Leaf leaf(*form);
  const auto steps = [&] { return ", decay_steps=" + number_text(leaf.length("every", window)); };
  const auto stairs = [&] { return leaf.yes("staircase") ? ", staircase=True)" : ")"; };
  if (form->name == "exponential")
    return "schedules.ExponentialDecay(" + rate + steps() +
           ", decay_rate=" + number_text(leaf.number("gamma")) + stairs();
  if (form->name == "inverse_time")
    return "schedules.InverseTimeDecay(" + rate + steps() +
           ", decay_rate=" + number_text(leaf.number("rate")) + stairs();
  if (form->name == "polynomial" && leaf.number("k") == 1.0)
    return "schedules.PolynomialDecay(" + rate + steps() +
           ", end_learning_rate=" + number_text(lr * leaf.number("floor")) +
           ", power=" + number_text(leaf.number("power")) +
           (leaf.yes("cycle") ? ", cycle=True)" : ")");
  return {};
}

std::optional<std::string> optax_function(const Schedule& s, const Clock& window, double lr) {
  const Form* form = s.form();
  if (form == nullptr) return {};
  const std::string rate = number_text(lr);
  const std::string total = number_text(window.total);
  if (form->name == "|") {
    const std::vector<double> ends = boundaries(form->parts, window);
    std::string children;
    std::vector<double> joints;
    double begin = 0.0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const auto child = optax_function(form->parts[i].schedule, window.stage(begin, ends[i]), lr);
      if (!child) return {};
      children += "\n    " + *child + ",";
      if (i + 1 < ends.size()) joints.push_back(ends[i]);
      begin = ends[i];
    }
    return "optax.join_schedules([" + children + "\n], boundaries=" + list_text(joints) + ")";
  }
  if (form->name == "number")
    return "optax.constant_schedule(" + number_text(lr * std::get<double>(form->values[0])) + ")";
  if (find(form->name) == nullptr || !form->parts.empty()) return {};
  const Leaf leaf(*form);
  if (form->name == "constant")
    return "optax.constant_schedule(" + number_text(lr * leaf.number("value")) + ")";
  if (form->name == "linear")
    return "optax.linear_schedule(" + number_text(lr * leaf.number("from")) + ", " +
           number_text(lr * leaf.number("to")) + ", transition_steps=" + total + ")";
  if (form->name == "cosine" && leaf.number("half_cycles") == 1.0 && leaf.number("k") == 1.0)
    return "optax.cosine_decay_schedule(" + rate + ", decay_steps=" + total +
           ", alpha=" + number_text(leaf.number("floor")) +
           ", exponent=" + number_text(leaf.number("exponent")) + ")";
  if (form->name == "exponential")
    return "optax.exponential_decay(" + rate +
           ", transition_steps=" + number_text(leaf.length("every", window)) +
           ", decay_rate=" + number_text(leaf.number("gamma")) +
           (leaf.yes("staircase") ? ", staircase=True)" : ")");
  if (form->name == "polynomial" && leaf.number("k") == 1.0 && !leaf.yes("cycle"))
    return "optax.polynomial_schedule(" + rate + ", " + number_text(lr * leaf.number("floor")) +
           ", power=" + number_text(leaf.number("power")) +
           ", transition_steps=" + number_text(leaf.length("every", window)) + ")";
  return {};
}

// ---- the function of the step ------------------------------------------------------------------

constexpr Formula::Dialect jax{"jnp.", true};
constexpr Formula::Dialect keras_ops{"ops.", true};

/// The body of a function of `step`, in a dialect; or a table.
struct Body {
  std::string text;
  bool table = false;
};

Body body_of(const Schedule& s, const CodeRun& run, const Formula::Dialect& dialect) {
  const Clock window = Clock::at(0, run.total, run.steps_per_epoch);
  static constexpr std::array<std::string_view, 1> variables{"step"};
  Formula::Mistake unused;
  const auto formula = Formula::read(expression_of(s, window), variables, unused);
  Memory memory;
  std::vector<double> rates;
  double highest = 0.0;
  for (Step step = 0; step < run.total; ++step) {
    rates.push_back(run.lr * s(Clock::at(step, run.total, run.steps_per_epoch, {}, &memory)));
    highest = std::max(highest, rates.back());
  }
  bool right = formula.has_value();
  for (Step step = 0; right && step < run.total; ++step) {
    const std::array values{static_cast<double>(step)};
    right = std::abs(run.lr * (*formula)(values)-rates[static_cast<std::size_t>(step)]) <=
            1e-12 * highest;
  }
  if (right) {
    const std::string factor = formula->text(std::array{std::string("step")}, dialect);
    return {run.lr == 1.0 ? factor : number_text(run.lr) + " * (" + factor + ")"};
  }
  return {list_text(rates), true};
}

std::string head_of(const Schedule& s, const CodeRun& run) {
  std::string head = "# " + run.spec + "\n";
  if (run.spec != s.text()) head += "# which is: " + s.text() + "\n";
  return head + "# For " + std::to_string(run.total) + " updates at a base rate of " +
         number_text(run.lr) + ".\n";
}

constexpr const char* table_note =
    "# There is no formula for this one: a table of the rate at each step, the last resort.\n";

std::string function_text(const Body& body, const std::string& last, const std::string& minimum) {
  if (body.table)
    return std::string(table_note) + "RATES = " + body.text +
           "\n\ndef schedule(step):\n    return RATES[min(int(step), " + last + ")]\n";
  return "def schedule(step):\n    step = " + minimum + "(step, " + last +
         ")  # held after the run\n    return " + body.text + "\n";
}

std::string python_code(const Schedule& s, const CodeRun& run) {
  return head_of(s, run) + "import math\n\n" +
         function_text(body_of(s, run, Formula::python), std::to_string(run.total - 1), "min") +
         "\nif __name__ == \"__main__\":\n    for step in range(" + std::to_string(run.total) +
         "):\n        print(schedule(step))\n";
}

std::string torch_code(const Schedule& s, const CodeRun& run) {
  const Clock window = Clock::at(0, run.total, run.steps_per_epoch);
  const auto own = torch_class(s, window, run.lr);
  if (!own && s.watches_losses())
    fail("'" + s.text() + "' follows the losses, and PyTorch has no class that does the same");
  std::string code =
      head_of(s, run) + "import math\nimport torch\nfrom torch.optim import lr_scheduler\n\n";
  if (!own) {
    CodeRun factors = run;
    factors.lr = 1.0;
    code +=
        function_text(body_of(s, factors, Formula::python), std::to_string(run.total - 1), "min") +
        "\n";
  }
  code += "def make_scheduler(optimizer):\n    return lr_scheduler." +
          own.value_or("LambdaLR(optimizer, schedule)") + "\n";
  const std::string step = s.watches_losses() ? "scheduler.step(metrics=0.0)" : "scheduler.step()";
  return code +
         "\nif __name__ == \"__main__\":\n    optimizer = "
         "torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=" +
         number_text(run.lr) +
         ")\n    scheduler = make_scheduler(optimizer)\n    for step in range(" +
         std::to_string(run.total) +
         "):\n        print(optimizer.param_groups[0][\"lr\"])\n        optimizer.step()\n       "
         " " +
         step + "\n";
}

std::string keras_code(const Schedule& s, const CodeRun& run) {
  if (s.watches_losses())
    fail("'" + s.text() + "' follows the losses: in Keras that is a callback and not a schedule");
  std::string code =
      head_of(s, run) +
      "import math\nfrom keras import ops\nfrom keras.optimizers import schedules\n\n";
  if (const auto own = keras_class(s, Clock::at(0, run.total, run.steps_per_epoch), run.lr))
    code += "schedule = " + *own + "\n";
  else {
    const Body body = body_of(s, run, keras_ops);
    if (body.table)
      code += std::string(table_note) + "RATES = " + body.text +
              "\n\nclass Schedule(schedules.LearningRateSchedule):\n    def __call__(self, "
              "step):\n        step = "
              "ops.minimum(ops.cast(step, \"int32\"), " +
              std::to_string(run.total - 1) +
              ")\n        return ops.take(ops.convert_to_tensor(RATES), step)\n";
    else
      code +=
          "class Schedule(schedules.LearningRateSchedule):\n    def __call__(self, step):\n        "
          "step = "
          "ops.minimum(ops.cast(step, \"float64\"), " +
          std::to_string(run.total - 1) + ")  # held after the run\n        return " + body.text +
          "\n";
    std::size_t at = 0;  // ops has no pi
    while ((at = code.find("ops.pi", at)) != std::string::npos) code.replace(at, 6, "math.pi");
    code += "\nschedule = Schedule()\n";
  }
  return code + "\nif __name__ == \"__main__\":\n    for step in range(" +
         std::to_string(run.total) + "):\n        print(float(schedule(step)))\n";
}

std::string optax_code(const Schedule& s, const CodeRun& run) {
  if (s.watches_losses())
    fail("'" + s.text() +
         "' follows the losses: in Optax that is a transformation, "
         "contrib.reduce_on_plateau, and not a schedule");
  std::string code = head_of(s, run) + "import jax.numpy as jnp\nimport optax\n\n";
  if (const auto own = optax_function(s, Clock::at(0, run.total, run.steps_per_epoch), run.lr))
    code += "schedule = " + *own + "\n";
  else {
    const Body body = body_of(s, run, jax);
    const std::string last = std::to_string(run.total - 1);
    code += body.table ? std::string(table_note) + "RATES = jnp.array(" + body.text +
                             ")\n\ndef schedule(step):\n    return RATES[jnp.minimum(step, " +
                             last + ")]\n"
                       : function_text(body, last, "jnp.minimum");
  }
  return code + "\nif __name__ == \"__main__\":\n    for step in range(" +
         std::to_string(run.total) + "):\n        print(float(schedule(step)))\n";
}

}  // namespace

std::string code_of(const Schedule& schedule, System system, const CodeRun& run) {
  if (system == System::torch) return torch_code(schedule, run);
  if (system == System::keras) return keras_code(schedule, run);
  if (system == System::optax) return optax_code(schedule, run);
  if (schedule.watches_losses())
    fail("'" + schedule.text() + "' follows the losses: it is no function of the step alone");
  return python_code(schedule, run);
}

}  // namespace anneal::sched
