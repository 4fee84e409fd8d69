#pragma once
#include "sched/peers/arguments.h"
#include "sched/peers/torch_run.h"

namespace anneal::sched::peers::torch {

/// The object that a call makes. Every argument is checked as PyTorch checks it, and so that no
/// rate becomes negative; what fails has a caret under the argument.
Owned scheduler_of(const Arguments& a);

/// The number of an argument that is one, or a list of one for each parameter group.
double for_one_group(const Arguments& a, std::string_view name);

/// Whether a scheduler, or one in it, moves the momentum.
bool moves_momentum(const Arguments& a);

}  // namespace anneal::sched::peers::torch
