#pragma once
#include "optim/adam.h"

namespace anneal::optim {

/// Adam with decoupled weight decay: w <- (1 - lr weight_decay) w before Adam's step, which does
/// not see it. Loshchilov & Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2. As
/// in PyTorch the decay is multiplied by the rate in force, so it follows the schedule too.
/// PyTorch's default decay is 0.01; here a group's weight_decay is 0 unless it is given.
struct AdamW {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool amsgrad = false;

  static constexpr std::string_view name = "adamw";
  std::size_t slots() const { return adam().slots(); }
  void check() const { adam().check_as("adamw"); }
  void operator()(const Slice& slice, const Update& update) const {
    adam().step(slice, update, 1.0 - update.lr * update.weight_decay, 0.0);
  }

 private:
  Adam adam() const { return {beta1, beta2, epsilon, amsgrad}; }
};

}  // namespace anneal::optim
