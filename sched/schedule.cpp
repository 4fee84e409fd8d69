#include "sched/schedule.h"

#include <algorithm>
#include <cmath>

#include "sched/combine.h"
#include "sched/fail.h"
#include "sched/limits.h"

namespace anneal::sched {

Extent extent_of(const Form& form) {
  Extent all;
  for (const Part& part : form.parts) {
    const Extent& one = part.schedule.extent();
    all.levels = std::max(all.levels, one.levels + 1);
    all.parts += one.parts;
    all.pace = std::max(all.pace, one.pace);
  }
  return all;
}

Schedule::Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
                   Resolve resolve, const std::shared_ptr<const Form>& form, bool watches_losses)
    : Schedule(std::move(text), binding, std::move(shape), std::move(resolve), form, watches_losses,
               form ? extent_of(*form) : Extent{}) {}

Schedule::Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
                   Resolve resolve, std::shared_ptr<const Form> form, bool watches_losses,
                   const Extent& extent)
    : node_(std::make_shared<const Node>(Node{std::move(text), binding, std::move(shape),
                                              std::move(resolve), std::move(form), watches_losses,
                                              extent})) {
  if (const std::string wrong = refusal_of(extent); !wrong.empty())
    fail("'" + shown(node_->text) + "': " + wrong);
}

void Schedule::refuse(double factor, const Clock& now) const {
  fail("schedule '" + shown(text()) + "' gave factor " + number_text(factor) + " at step " +
       number_text(now.step) + " of " + number_text(now.total) + "; a factor is finite and >= 0");
}

std::string Schedule::text_in(Binding needed) const {
  return node_->binding < needed ? "(" + text() + ")" : text();
}

std::vector<Stage> Schedule::stages(Step total, Step steps_per_epoch) const {
  if (total < 1 || steps_per_epoch < 1)
    fail("a run of " + std::to_string(total) + " updates in epochs of " +
         std::to_string(steps_per_epoch) + "; wanted at least one of each");
  if (static_cast<double>(total) > limits::updates)
    fail("a run of " + std::to_string(total) + " updates; wanted at most " +
         number_text(limits::updates));
  std::vector<Stage> out;
  append_stages(Clock::at(0, total, steps_per_epoch), out);
  return out;
}

void Schedule::append_stages(const Clock& window, std::vector<Stage>& out) const {
  if (node_->resolve)
    node_->resolve(window, out);
  else
    out.push_back(one_stage(text(), window));
}

bool reads_file(const Schedule& schedule) {
  const Form* form = schedule.form();
  return form != nullptr && (form->from_file || std::ranges::any_of(form->parts, [](const Part& p) {
                               return reads_file(p.schedule);
                             }));
}

}  // namespace anneal::sched
