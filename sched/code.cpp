#include "sched/code.h"

#include <algorithm>
#include <cmath>

#include "sched/code_classes.h"
#include "sched/fail.h"
#include "sched/formula.h"
#include "sched/memory.h"

namespace anneal::sched {
namespace {

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

/// Text that ends no comment early: what is not printable ASCII as an escape.
std::string commented(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte > 0x7e)
      out += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    else
      out += c;
  }
  return out;
}

/// The schedule's text stands in the third line: in the first two, Python looks for an encoding.
std::string head_of(const Schedule& s, const CodeRun& run) {
  std::string head = "# A learning rate for " + std::to_string(run.total) +
                     " updates, at a base rate of " + number_text(run.lr) +
                     ".\n# It is the same as this schedule of Anneal's:\n#   " +
                     commented(run.spec) + "\n";
  if (run.spec != s.text()) head += "# which is\n#   " + commented(s.text()) + "\n";
  return run.momentum ? head + "# What it does to the momentum is left out.\n" : head;
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
  return head_of(s, run) +
         function_text(body_of(s, run, Formula::python), std::to_string(run.total - 1), "min") +
         "\nif __name__ == \"__main__\":\n    for step in range(" + std::to_string(run.total) +
         "):\n        print(schedule(step))\n";
}

std::string torch_code(const Schedule& s, const CodeRun& run) {
  const auto own = torch_scheduler(s, run);
  if (!own && s.watches_losses())
    fail("'" + s.text() + "' follows the losses, and PyTorch has no class that does the same");
  CodeRun of = run;
  if (own) of.lr = own->lr;
  if (own && own->moves_momentum) of.momentum = {};
  std::string code = head_of(s, of) + "import torch\nfrom torch.optim import lr_scheduler\n";
  if (own && own->call.find("SWALR") != std::string::npos)
    code += "from torch.optim.swa_utils import SWALR\n";
  code += "\n";
  if (own) {
    code += own->preamble;
  } else {
    of.lr = 1.0;
    code +=
        function_text(body_of(s, of, Formula::python), std::to_string(run.total - 1), "min") + "\n";
    of.lr = run.lr;
  }
  code += "def make_scheduler(optimizer):\n    return " +
          (own ? own->call : "lr_scheduler.LambdaLR(optimizer, schedule)") + "\n";
  const std::string step = s.watches_losses()
                               ? "scheduler.step(metrics=1.0)  # in training, a validation loss"
                               : "scheduler.step()";
  return code +
         "\nif __name__ == \"__main__\":\n    optimizer = "
         "torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=" +
         number_text(of.lr) + (own && own->moves_momentum ? ", momentum=0.9" : "") +
         ")\n    scheduler = make_scheduler(optimizer)\n    for step in range(" +
         std::to_string(run.total) +
         "):\n        print(optimizer.param_groups[0][\"lr\"])\n        optimizer.step()\n       "
         " " +
         step + "\n";
}

std::string keras_code(const Schedule& s, const CodeRun& run) {
  if (s.watches_losses())
    fail("'" + s.text() + "' follows the losses: in Keras that is a callback and not a schedule");
  std::string code = head_of(s, run) + "from keras.optimizers import schedules\n\n";
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
  std::string code = head_of(s, run) + "import optax\n\n";
  if (const auto own = optax_function(s, Clock::at(0, run.total, run.steps_per_epoch), run.lr))
    code += "schedule = " + *own + "\n";
  else {
    const Body body = body_of(s, run, jax);
    const std::string last = std::to_string(run.total - 1);
    code += body.table ? std::string(table_note) + "RATES = jnp.array(" + body.text +
                             ")\n\ndef schedule(step):\n    return RATES[jnp.minimum(step, " +
                             last + ")]\n"
                       : function_text(body, last + ".0", "jnp.minimum");
  }
  return code + "\nif __name__ == \"__main__\":\n    for step in range(" +
         std::to_string(run.total) + "):\n        print(float(schedule(step)))\n";
}

}  // namespace

std::string code_of(const Schedule& schedule, System system, const CodeRun& run) {
  if (system == System::python && schedule.watches_losses())
    fail("'" + schedule.text() + "' follows the losses: it is no function of the step alone");
  std::string code = system == System::torch   ? torch_code(schedule, run)
                     : system == System::keras ? keras_code(schedule, run)
                     : system == System::optax ? optax_code(schedule, run)
                                               : python_code(schedule, run);
  std::size_t at = 0;  // after the comments
  while (code[at] == '#') at = code.find('\n', at) + 1;
  std::string imports;
  for (const auto& [used, line] :
       {std::pair{"math.", "import math\n"}, std::pair{"jnp.", "import jax.numpy as jnp\n"},
        std::pair{"ops.", "from keras import ops\n"}})
    if (code.find(used, at) != std::string::npos) imports += line;
  if (!imports.empty() && code.substr(at).starts_with("def")) imports += "\n";
  return code.insert(at, imports);
}

}  // namespace anneal::sched
