#pragma once
#include <string>

#include "sched/schedule.h"

namespace anneal::sched {

/// Systems whose code a schedule can be turned into.
enum class System { python, torch, keras, optax };

/// The run that the code is for.
struct CodeRun {
  std::string spec;  ///< the schedule as the user wrote it, for the comment at the top
  double lr = 1.0;   ///< the rate at factor 1
  Step total = 1000;
  Step steps_per_epoch = 100;
  /// What the schedule does to the momentum. Only PyTorch's code can say it; others' says that it
  /// is left out.
  std::optional<Schedule> momentum = {};
};

/// Runnable code that gives the curve: the system's own class where it has one, else a function of
/// the step, else, as the last resort and saying so, a table with the rate of each step. Run as a
/// program it prints the rate of each step, one a line. A function or table is compared with the
/// schedule before it is given out.
/// Throws std::invalid_argument for a schedule that follows the losses and has no class there.
std::string code_of(const Schedule& schedule, System system, const CodeRun& run);

/// The factor as an expression (formula.h) over step, for a run of so many updates; empty where
/// there is none.
std::string expression_of(const Schedule& schedule, const Clock& window);

}  // namespace anneal::sched
