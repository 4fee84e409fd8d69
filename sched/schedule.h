#pragma once
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sched/length.h"

namespace anneal::sched {

/// Any copyable, const-callable Clock -> factor.
template <class F>
concept Shape = std::copy_constructible<F> && requires(const F& f, const Clock& now) {
  { f(now) } -> std::convertible_to<double>;
};

/// A stretch of a run and the schedule that rules it, resolved to updates: [begin, end).
struct Stage {
  std::string text;
  Step begin;
  Step end;
  bool operator==(const Stage&) const = default;
};

/// An immutable value mapping a Clock to the factor by which every parameter group's base learning
/// rate is multiplied. Copy it, compare plots of it, evaluate it at any step in any order: it
/// remembers nothing.
class Schedule {
 public:
  /// How tightly the text binds: what stands around it knows when to put it in parentheses.
  enum class Binding { chain, product, atom };
  /// Appends the stages of [clock.origin, clock.origin + clock.total); only total,
  /// steps_per_epoch and origin of the clock count.
  using Resolve = std::function<void(const Clock&, std::vector<Stage>&)>;

  /// A schedule without inner stages; `text` is what parse() reads back as this schedule.
  template <Shape F>
  Schedule(std::string text, F shape, bool watches_losses = false)
      : Schedule(std::move(text), Binding::atom, std::move(shape), nullptr, watches_losses) {}
  /// For the authors of combinators.
  Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
           Resolve resolve, bool watches_losses);

  /// Throws std::invalid_argument if the shape yields a negative or non-finite factor.
  double operator()(const Clock& now) const {
    const double factor = node_->shape(now);
    if (!(factor >= 0.0 && factor <= largest)) refuse(factor, now);
    return factor;
  }

  /// The text that parse() turns back into this schedule.
  const std::string& text() const { return node_->text; }
  /// Whether the factor follows the validation losses, so that a run without any makes no sense.
  bool watches_losses() const { return node_->watches_losses; }
  /// The text, in parentheses if it binds less tightly than `needed`.
  std::string text_in(Binding needed) const;

  /// What rules which updates of a run, in order and without gaps; a chain that is over before the
  /// run holds its last value, which is a stage called "hold". Throws std::invalid_argument when a
  /// length does not fit the run: a stage that ends after it, or that is left without an update.
  std::vector<Stage> stages(Step total, Step steps_per_epoch) const;
  void append_stages(const Clock& window, std::vector<Stage>& out) const;

 private:
  static constexpr double largest = 1.7976931348623157e308;
  struct Node {
    std::string text;
    Binding binding;
    std::function<double(const Clock&)> shape;
    Resolve resolve;
    bool watches_losses;
  };
  [[noreturn]] void refuse(double factor, const Clock& now) const;

  std::shared_ptr<const Node> node_;
};

/// A schedule and how long it lasts; without a length, whatever the other stages leave.
struct Part {
  Schedule schedule;
  std::optional<Length> length = {};
};

/// One schedule after another, `a@5% | b | c@20%`. A percentage is of the whole chain. At most one
/// part, anywhere, may go without a length. Boundaries are rounded once, from exact sums, so that
/// no update is lost or counted twice. Evaluated in a run that it does not fit, a chain is cut off
/// where the run ends; stages() refuses that.
/// Throws std::invalid_argument for no parts, two without a length, or a length that is not above 0
/// or makes the percentages exceed 100.
Schedule chain(std::vector<Part> parts);
/// `times` cycles of the same schedule, whose lengths differ by at most one update.
Schedule repeat(int times, const Schedule& cycle);
/// Pointwise product, e.g. of a decay and a warmup that overlaps it.
Schedule operator*(const Schedule& a, const Schedule& b);
/// The same curve, `scale` times as high.
Schedule operator*(double scale, const Schedule& s);

/// `first(percent(5), make(Warmup{})) | make(Cosine{})` reads in training order.
inline Part first(Length length, Schedule s) {
  return {std::move(s), length};
}
inline Schedule operator|(const Part& part, const Schedule& rest) {
  return chain({part, {rest}});
}

}  // namespace anneal::sched
