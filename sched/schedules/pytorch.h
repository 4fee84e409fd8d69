#pragma once
#include <memory>

#include "sched/peers/torch_program.h"
#include "sched/registry.h"

namespace anneal::sched {

/// What `torch.SequentialLR(...)` and the like become where no curve of ours is the same. Most of
/// PyTorch's schedulers multiply the rate that they find, so that two of them at work on one
/// optimizer are defined by their steps alone; these are taken here, one by one.
struct Pytorch {
  std::string scheduler =
      "ChainedScheduler([CosineAnnealingLR(T_max=30), LinearLR(start_factor=0.1, total_iters=50)])";
  double lr = 1.0;
  bool momentum = false;

  static constexpr std::string_view name = "pytorch";
  static constexpr std::string_view help =
      "A scheduler of PyTorch, or several at once, stepped as PyTorch steps them.";
  static constexpr std::string_view when =
      "To go on with a composition that was written for PyTorch, and whose curve has no name.";
  static constexpr std::array<std::string_view, 2> shown{
      "pytorch",
      "pytorch:'SequentialLR([OneCycleLR(max_lr=2, total_steps=50), ExponentialLR(gamma=0.9)], "
      "milestones=[50])'"};
  static constexpr std::string_view formula = "what the scheduler leaves in the optimizer's group";
  static constexpr std::string_view source = "torch/optim/lr_scheduler.py of PyTorch 1.13.1";
  static constexpr auto params() {
    return std::array{
        param<&Pytorch::scheduler>("scheduler", "the call that makes it, without the optimizer"),
        param<&Pytorch::lr>("lr", 1e-100, 1e100, "rate",
                            "the optimizer's rate, of which the scheduler's are a part"),
        param<&Pytorch::momentum>("momentum", "whether to give the momentum, instead of the rate")};
  }

  std::string expression(const Clock& /*window*/) const { return {}; }

  struct Evaluator {
    std::shared_ptr<const peers::torch::Program> program;
    bool momentum;
    double operator()(const Clock& now) const { return program->at(now, momentum); }
  };
  Evaluator prepared() const {
    return {std::make_shared<const peers::torch::Program>(scheduler, lr), momentum};
  }
};
inline const bool pytorch_registered = add<Pytorch>();

}  // namespace anneal::sched
