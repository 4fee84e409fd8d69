#include "sched/schedule.h"

#include <cmath>

#include "sched/fail.h"

namespace anneal::sched {

Schedule::Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
                   Resolve resolve, std::shared_ptr<const Form> form, bool watches_losses)
    : node_(std::make_shared<const Node>(Node{std::move(text), binding, std::move(shape),
                                              std::move(resolve), std::move(form),
                                              watches_losses})) {}

void Schedule::refuse(double factor, const Clock& now) const {
  fail("schedule '" + text() + "' gave factor " + number_text(factor) + " at step " +
       number_text(now.step) + " of " + number_text(now.total) + "; a factor is finite and >= 0");
}

std::string Schedule::text_in(Binding needed) const {
  return node_->binding < needed ? "(" + text() + ")" : text();
}

std::vector<Stage> Schedule::stages(Step total, Step steps_per_epoch) const {
  if (total < 1 || steps_per_epoch < 1)
    fail("a run of " + std::to_string(total) + " updates in epochs of " +
         std::to_string(steps_per_epoch) + "; wanted at least one of each");
  std::vector<Stage> out;
  append_stages(Clock::at(0, total, steps_per_epoch), out);
  return out;
}

void Schedule::append_stages(const Clock& window, std::vector<Stage>& out) const {
  if (node_->resolve)
    node_->resolve(window, out);
  else
    out.push_back(
        {text(), std::llround(window.origin), std::llround(window.origin + window.total)});
}

}  // namespace anneal::sched
