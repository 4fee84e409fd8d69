#pragma once
#include <string_view>

#include "sched/clock.h"
#include "sched/peers/torch_run.h"

namespace anneal::sched::peers::torch {

/// A scheduler of PyTorch and the optimizer that it belongs to.
class Program {
 public:
  /// `call` is as for peers::read(), with or without "torch."; `lr` is the optimizer's rate.
  Program(std::string_view call, double lr);

  /// The group's rate, as a factor of the optimizer's, or its momentum, at an update of the stage:
  /// the scheduler is stepped up to it, from where the clock's memory has got to.
  double at(const Clock& now, bool momentum) const;

 private:
  Run start() const;

  Owned scheduler_;
  std::size_t size_ = 0;  ///< of schedulers, in all
  double lr_;
};

}  // namespace anneal::sched::peers::torch
