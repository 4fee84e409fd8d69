#include "nn/autograd/tape.h"

#include <algorithm>
#include <stdexcept>

#include "nn/autograd/fail.h"
#include "nn/autograd/threads.h"

namespace anneal::nn {

void fail_stale() {
  throw std::logic_error(
      "a Var of an earlier pass: tape.begin() ended what it stood for; copy the numbers that are "
      "needed longer");
}

namespace {

[[noreturn]] void fail_gone() {
  throw std::logic_error(
      "a layer that was moved into a network is used: its parameters are there now");
}

/// The parameter, if nothing points at it.
Parameter& movable(Parameter& parameter) {
  if (parameter.held)
    throw std::logic_error("parameter '" + parameter.name +
                           "' cannot be moved: an optimizer was made of it; make that last");
  return parameter;
}

}  // namespace

// Throws, rather than leave an optimizer with a pointer to nothing.
// NOLINTNEXTLINE(performance-noexcept-move-constructor)
Parameter::Parameter(Parameter&& other)
    : Slot(std::move(movable(other))), transposed(other.transposed) {
  name = other.name;  // which keeps it, for messages
  other.gone = true;
}

Var::GradTarget Var::grad_target() const {
  Slot& own = slot();
  if (own.gone) fail_gone();
  const bool first = !own.has_grad;
  if (first) own.grad.resize(own.value.shape());
  own.has_grad = true;
  return {own.grad, first};
}

void Tape::begin(Mode mode, std::uint64_t step) {
  begin_pass(static_cast<std::size_t>(mode));
  ++pass_;
  ended_ = false;
  mode_ = mode;
  step_ = step;
  random_operations_ = 0;
  used_slots_ = 0;
  used_kept_ = 0;
  operations_.clear();
}

Var Tape::output(const Shape& shape, bool needs_grad) {
  if (ended_)
    throw std::logic_error("this pass has ended with backward(): tape.begin() starts the next");
  if (used_slots_ == slots_.size()) slots_.emplace_back();
  Slot& slot = slots_[used_slots_++];
  slot.value.resize(shape);
  slot.needs_grad = needs_grad && mode_ == Mode::training;
  slot.has_grad = false;
  return {*this, slot};
}

Var Tape::watch(Parameter& parameter) {
  if (parameter.gone) fail_gone();
  return {*this, parameter};
}

Var Tape::input(const Shape& shape) {
  return output(shape, false);
}

std::span<const int> Tape::keep(std::span<const int> numbers) {
  if (used_kept_ == kept_.size()) kept_.emplace_back();
  std::vector<int>& kept = kept_[used_kept_++];
  kept.assign(numbers.begin(), numbers.end());
  return kept;
}

Var Tape::constant(const Tensor& value) {
  const Var v = input(value.shape());
  std::copy_n(value.data(), value.size(), value_of(v).data());
  return v;
}

void Tape::backward(Var loss) {
  if (ended_)
    throw std::logic_error(
        "backward: this pass has ended with backward(): tape.begin() starts the next");
  if (loss.value().size() != 1)
    fail("backward: the loss must be a single number, not of shape " + loss.shape().text());
  if (!loss.needs_grad())
    fail("backward: the loss depends on no parameter, or was computed in evaluation mode");
  const auto [grad, overwrite] = loss.grad_target();
  grad[0] = Scalar{1} + (overwrite ? Scalar{0} : grad[0]);
  const struct End {  // also where an operation throws: half of the gradients are there
    bool& ended;
    ~End() { ended = true; }
  } end{ended_};
  for (auto op = operations_.rbegin(); op != operations_.rend(); ++op)
    if (op->output->has_grad)  // else the loss does not depend on it
      op->run(op->closure.data(), op->output->grad);
}

}  // namespace anneal::nn
