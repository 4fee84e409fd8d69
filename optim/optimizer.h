#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "nn/autograd/tape.h"

namespace anneal::optim {

using nn::Index;
using nn::Scalar;

/// Parameters that share a base learning rate and a weight decay.
struct Group {
  std::vector<nn::Parameter*> parameters;
  double lr;
  double weight_decay = 0.0;
};

/// What all parameters of a network share.
struct Rates {
  double lr;
  double weight_decay = 0.0;
};

/// What has parameters, each under its name: an nn::Module.
template <class N>
concept Network = requires(N& network) {
  { network.parameters().front().parameter } -> std::convertible_to<nn::Parameter*>;
  { network.parameters().front().name } -> std::convertible_to<std::string>;
};

/// The parameters of a network, each called from now on as it is there: "0.weight", in errors for
/// instance.
template <Network N>
std::vector<nn::Parameter*> parameters_of(N& network) {
  std::vector<nn::Parameter*> all;
  for (const auto& [name, parameter] : network.parameters()) {
    parameter->name = name;
    all.push_back(parameter);
  }
  return all;
}

/// What a rule is told of the step. `t` counts calls of Optimizer::step, from 1, and is the same
/// for every parameter: bias corrections belong to the step, not to the tensor.
struct Update {
  double lr;
  double weight_decay;
  std::int64_t t;
};

/// A stretch of one parameter, of its gradient, and of what the rule remembers of it.
struct Slice {
  static constexpr std::size_t max_slots = 3;
  Index size;
  std::size_t kept;  ///< how many of the slots there are
  Scalar* weight;
  const Scalar* gradient;
  std::array<Scalar*, max_slots> slots;

  /// Calls kernel(Scalar& w, Scalar g, Scalar&... the first N slots) for each element, in a loop
  /// that the compiler turns into vector instructions: one pass over memory.
  template <std::size_t N, class Kernel>
  void for_each(const Kernel& kernel) const {
    each(kernel, std::make_index_sequence<N>());
  }

 private:
  template <class Kernel, std::size_t... I>
  void each(const Kernel kernel, std::index_sequence<I...> /*slots*/) const {
    Scalar* const w = weight;
    const Scalar* const g = gradient;
    [[maybe_unused]] const std::array<Scalar*, max_slots> s = slots;
#pragma omp simd
    for (Index i = 0; i < size; ++i) kernel(w[i], g[i], s[I][i]...);
  }
};

/// The arithmetic of one optimizer. A rule holds constants only; what it must remember of each
/// element lives in slots, which start at zero. It reads gradients and never writes them.
template <class R>
concept Rule = std::is_trivially_copyable_v<R> &&
    requires(const R& rule, const Slice& slice, const Update& update) {
  { rule.slots() } -> std::convertible_to<std::size_t>;  // at most Slice::max_slots
  rule.check();  // throws std::invalid_argument for a constant that makes no sense
  rule(slice, update);
};

/// Owns the slots and the step count, and applies a rule to every parameter. It knows nothing of
/// schedules: the factor is an argument, so no object edits another's fields.
class Optimizer {
 public:
  /// Throws std::invalid_argument for a constant, a rate or a weight decay that makes no sense, and
  /// for a parameter that is given twice.
  template <Rule R>
  Optimizer(const R& rule, std::vector<Group> groups)
      : Optimizer(std::move(groups), (rule.check(), rule.slots())) {
    set_rule(rule);
  }

  /// All parameters of a network, in one group:
  /// `optim::Optimizer optimizer(optim::Adam{}, net, {.lr = 1e-3})`.
  template <Rule R, Network N>
  Optimizer(const R& rule, N& network, Rates rates)
      : Optimizer(rule, {{.parameters = parameters_of(network),
                          .lr = rates.lr,
                          .weight_decay = rates.weight_decay}}) {}

  /// Updates every parameter at factor * group.lr and clears its gradient. Throws
  /// std::invalid_argument, before anything is changed, naming a parameter that no gradient
  /// reached.
  void step(double factor);
  /// The same with a factor for each group.
  void step(std::span<const double> factors);
  /// Forgets the gradients that were gathered since the last step, which clears them itself: for
  /// one that is to be left out, as after a loss that is not finite.
  void zero_grad();
  /// Of every group, from the next step on. Throws std::invalid_argument unless it is >= 0.
  void set_weight_decay(double weight_decay);

  /// The same rule with other constants, from the next step on: how momentum or a beta follows a
  /// schedule, also down to 0. Throws std::invalid_argument when it remembers more than the first.
  template <Rule R>
  void set_rule(const R& rule) {
    static_assert(sizeof(R) <= room, "a rule is a few constants");
    rule.check();
    check_slots(rule.slots());
    new (rule_.data()) R(rule);
    apply_ = [](const void* r, const Slice& slice, const Update& update) {
      (*static_cast<const R*>(r))(slice, update);
    };
  }

  std::int64_t steps() const { return t_; }

 private:
  static constexpr std::size_t room = 64;
  Optimizer(std::vector<Group> groups, std::size_t slots);
  void check_slots(std::size_t slots) const;

  alignas(16) std::array<std::byte, room> rule_{};
  void (*apply_)(const void* rule, const Slice&, const Update&) = nullptr;
  std::size_t slots_per_parameter_;
  std::vector<Group> groups_;
  std::vector<nn::Tensor> slots_;  // slots_per_parameter_ for each parameter, in group order
  std::vector<double> factors_;    // of the step at hand
  std::int64_t t_ = 0;
};

}  // namespace anneal::optim
