#pragma once
#include <array>
#include <cstddef>
#include <deque>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "nn/autograd/random.h"
#include "nn/autograd/tensor.h"

namespace anneal::nn {

/// A value and d(loss)/d(value), which has the same shape once `has_grad` is set.
struct Slot {
  Tensor value;
  Tensor grad;
  bool needs_grad = false;  ///< false: nothing that learns lies below, so no gradient is computed
  bool has_grad = false;    ///< false: `grad` is stale, and the first contribution overwrites it
  bool gone = false;        ///< a parameter that was moved: what is left of it must not be used
};

/// A Slot that outlives every tape: what a module learns and an optimizer updates.
struct Parameter : Slot {
  Parameter() { needs_grad = true; }
  /// A layer is built in place, then moved into its network. Throws std::logic_error once an
  /// optimizer points at the parameter.
  Parameter(Parameter&& other);  // NOLINT(performance-noexcept-move-constructor): see tape.cpp
  Parameter& operator=(Parameter&& other) = delete;

  std::string name;         ///< as PyTorch calls it, e.g. "weight"
  bool transposed = false;  ///< stored as the transpose of PyTorch's tensor of this name
  bool held = false;        ///< by an optimizer
};

class Tape;

/// A handle to a slot in use by a pass of a tape, to be copied freely. The tape must outlive it;
/// after the tape's next begin() whatever asks for its value, shape or gradient throws
/// std::logic_error.
class Var {
 public:
  Var(Tape& tape, Slot& slot);

  Tape& tape() const { return *tape_; }
  const Tensor& value() const { return slot().value; }
  const Shape& shape() const { return slot().value.shape(); }
  const Tensor& grad() const { return slot().grad; }
  bool needs_grad() const { return slot().needs_grad; }
  /// The same as tape().backward(*this).
  void backward() const;

  /// For operations: where to put a contribution to the gradient, and whether it is the first,
  /// which overwrites what is there instead of adding to it. A value used twice gets both.
  struct GradTarget {
    Tensor& grad;
    bool overwrite;
  };
  GradTarget grad_target() const;

 private:
  friend class Tape;
  Slot& slot() const;
  Tape* tape_;
  Slot* slot_;
  std::uint64_t pass_;
};

/// Dropout and batch normalisation behave differently in the two. The mode belongs to a pass over
/// the network, not to its modules, so that none of them can be left in the wrong one.
enum class Mode { training, evaluation };

/// Reverse-mode automatic differentiation. Operations append to the tape as they run, so the order
/// of recording is already a topological order, and backward() only walks it in reverse: no graph
/// search, no recursion, no reference counts.
///
/// One tape serves a whole training: begin() forgets the operations and keeps their memory, so
/// that a step after the first of its shape allocates nothing.
class Tape {
 public:
  /// `seed` decides what dropout drops, together with the step given to begin().
  explicit Tape(std::uint64_t seed = 0) : seed_(seed) {}
  Tape(const Tape&) = delete;  // Vars point into it
  Tape& operator=(const Tape&) = delete;

  /// Starts a pass: every Var of the last one is dead. In evaluation nothing is recorded. A new
  /// tape is in a first pass, of training.
  void begin(Mode mode, std::uint64_t step);
  /// The same; what is dropped is that of no step, and differs from pass to pass.
  void begin(Mode mode) { begin(mode, unnumbered | pass_); }
  Mode mode() const { return mode_; }

  /// An input, which needs no gradient: the tensor to fill is value_of(input).
  Var input(const Shape& shape);
  Var constant(const Tensor& value);
  /// A parameter in use by this pass, without a copy. Throws std::logic_error for one that was
  /// moved.
  Var watch(Parameter& parameter);

  /// Fills the gradient of everything below `loss`, a single number, and ends the pass: what was
  /// computed can be read until the next begin(), and nothing can be added. Gradients of parameters
  /// add up over several passes until an optimizer clears them. Throws std::invalid_argument if
  /// `loss` has more than one element, or was computed in evaluation mode; std::logic_error if the
  /// pass has ended.
  void backward(Var loss);

  // For the authors of operations:

  /// A new value of the given shape, whose elements are unspecified. Throws std::logic_error if the
  /// pass has ended: without a begin(), the last step's gradients would be added to this one's.
  Var output(const Shape& shape, bool needs_grad);
  Tensor& value_of(Var v) { return v.slot().value; }
  /// Memory that lives as long as this pass, for what backward needs beside inputs and outputs.
  Tensor& scratch(const Shape& shape) { return value_of(output(shape, false)); }
  /// A copy that lives as long as this pass, of labels for instance.
  std::span<const int> keep(std::span<const int> numbers);
  /// Remembers how `output` passes its gradient on. `backward(const Tensor& upstream)` gets
  /// d(loss)/d(output) and adds to the grad_target() of each input that needs it. It is kept as
  /// plain bytes: it may capture Vars, numbers, spans and references to scratch(), nothing that
  /// owns.
  template <class Backward>
  void record(Var output, const Backward& backward);
  /// Numbers the random operations of a pass, and gives each piece of each a stream of its own.
  std::uint64_t next_random_operation() { return random_operations_++; }
  Random random(std::uint64_t operation, std::uint64_t piece) const {
    return {seed_, Purpose::dropout, step_ << 32U | operation << 20U | piece};
  }

  std::size_t recorded_operations() const { return operations_.size(); }

 private:
  friend class Var;
  struct Operation {
    static constexpr std::size_t room = 128;
    Slot* output;
    void (*run)(const void* closure, const Tensor& upstream);
    alignas(16) std::array<std::byte, room> closure;
  };

  static constexpr std::uint64_t unnumbered = 1U << 31U;  // of the 32 bits that steps have
  std::uint64_t seed_;
  std::uint64_t step_ = 0;
  std::uint64_t pass_ = 0;  // since the tape was made
  bool ended_ = false;      // the pass, by backward()
  std::uint64_t random_operations_ = 0;
  Mode mode_ = Mode::training;
  std::deque<Slot> slots_;  // a deque never moves what it holds
  std::size_t used_slots_ = 0;
  std::deque<std::vector<int>> kept_;
  std::size_t used_kept_ = 0;
  std::vector<Operation> operations_;
};

inline Var::Var(Tape& tape, Slot& slot) : tape_(&tape), slot_(&slot), pass_(tape.pass_) {}

[[noreturn]] void fail_stale();

inline Slot& Var::slot() const {
  if (pass_ != tape_->pass_) fail_stale();
  return *slot_;
}

inline void Var::backward() const {
  tape_->backward(*this);
}

template <class Backward>
void Tape::record(Var output, const Backward& backward) {
  static_assert(std::is_trivially_copyable_v<Backward> && sizeof(Backward) <= Operation::room,
                "a backward function captures a few Vars, numbers, spans and scratch references");
  if (!output.needs_grad()) return;
  Operation& operation = operations_.emplace_back();
  operation.output = output.slot_;
  operation.run = [](const void* closure, const Tensor& upstream) {
    (*static_cast<const Backward*>(closure))(upstream);
  };
  new (operation.closure.data()) Backward(backward);
}

}  // namespace anneal::nn
