#include "nn/autograd/tape.h"

#include <algorithm>

#include "nn/autograd/fail.h"
#include "nn/autograd/threads.h"

namespace anneal::nn {

Var::GradTarget Var::grad_target() const {
  const bool first = !slot_->has_grad;
  if (first) slot_->grad.resize(slot_->value.shape());
  slot_->has_grad = true;
  return {slot_->grad, first};
}

void Tape::begin(Mode mode, std::uint64_t step) {
  begin_pass(static_cast<std::size_t>(mode));
  mode_ = mode;
  step_ = step;
  random_operations_ = 0;
  used_slots_ = 0;
  operations_.clear();
}

Var Tape::output(const Shape& shape, bool needs_grad) {
  if (used_slots_ == slots_.size()) slots_.emplace_back();
  Slot& slot = slots_[used_slots_++];
  slot.value.resize(shape);
  slot.needs_grad = needs_grad && mode_ == Mode::training;
  slot.has_grad = false;
  return {*this, slot};
}

Var Tape::input(const Shape& shape) {
  return output(shape, false);
}

Var Tape::constant(const Tensor& value) {
  const Var v = input(value.shape());
  std::copy_n(value.data(), value.size(), value_of(v).data());
  return v;
}

void Tape::backward(Var loss) {
  if (loss.value().size() != 1)
    fail("backward: the loss must be a single number, not of shape " + loss.shape().text());
  if (!loss.needs_grad())
    fail("backward: the loss depends on no parameter, or was computed in evaluation mode");
  const auto [grad, overwrite] = loss.grad_target();
  grad[0] = Scalar{1} + (overwrite ? Scalar{0} : grad[0]);
  for (auto op = operations_.rbegin(); op != operations_.rend(); ++op)
    if (op->output->has_grad)  // else the loss does not depend on it
      op->run(op->closure.data(), op->output->grad);
}

}  // namespace anneal::nn
