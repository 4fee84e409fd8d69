#include "sched/peers/torch_program.h"

#include <algorithm>
#include <cmath>

#include "sched/fail.h"
#include "sched/length.h"
#include "sched/limits.h"
#include "sched/memory.h"
#include "sched/peers/find.h"
#include "sched/peers/torch_schedulers.h"

namespace anneal::sched::peers::torch {

Program::Program(std::string_view call, double lr) : lr_(lr) {
  Cursor at(call);
  const auto peer = std::ranges::find(all(), "torch", &Peer::name);
  const Arguments arguments = bound(python::read_call(at), 0, &*peer, at, lr);
  if (!at.at_end()) at.fail_here("expected the end");
  if (arguments.class_name() == "ReduceLROnPlateau")
    at.fail_at(0, "ReduceLROnPlateau follows the losses: that is `plateau` here");
  scheduler_ = scheduler_of(arguments);
  arguments.refuse_unread();
  scheduler_->enter(size_);
}

Run Program::start() const {
  Run run{.group = {.lr = lr_}};
  run.of.resize(size_);
  scheduler_->construct(run);
  return run;
}

double Program::at(const Clock& now, bool momentum) const {
  struct Reached {
    Run run;
    double step = 0.0;
  };
  const double wanted = std::floor(now.elapsed());
  Memory::Place nothing;
  Memory::Place& place = now.memory == nullptr ? nothing : now.memory->of(this, now);
  if (!place.state || static_cast<const Reached*>(place.state.get())->step > wanted)
    place.state = std::make_shared<Reached>(Reached{.run = start()});
  Reached& reached = *static_cast<Reached*>(place.state.get());
  const double missing = wanted - reached.step;
  if (!(missing * static_cast<double>(size_) <= limits::catching_up))
    fail("pytorch: to get to update " + number_text(wanted) + " takes " + number_text(missing) +
         " steps of " + std::to_string(size_) + " schedulers, which is too long");
  for (; reached.step < wanted; ++reached.step) scheduler_->step(reached.run);
  const Group& group = reached.run.group;
  return momentum ? group.momentum : group.lr / lr_;
}

}  // namespace anneal::sched::peers::torch
