#pragma once
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sched/parameter.h"

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
  double used = 1.0;  ///< the part of the schedule's curve that is reached; see over()
  bool operator==(const Stage&) const = default;
};

struct Form;

/// How large an expression is, and how costly to evaluate; limits.h says what is allowed.
struct Extent {
  int levels = 1;    ///< of parts within parts
  double parts = 1;  ///< schedules that it is made of, itself included
  double pace = 0;   ///< factors that an update adds to a product; 0: it holds no cumulative()
};
/// Of what is made so, if it adds nothing to the cost of its parts.
Extent extent_of(const Form& form);

/// An immutable value mapping a Clock to the factor by which every parameter group's base learning
/// rate is multiplied. Copy it, compare plots of it, evaluate it at any step in any order: it
/// remembers nothing.
class Schedule {
 public:
  /// How tightly the text binds: what stands around it knows when to put it in parentheses.
  enum class Binding { chain, sum, product, atom };
  /// Appends the stages of [clock.origin, clock.origin + clock.total); only total,
  /// steps_per_epoch and origin of the clock count.
  using Resolve = std::function<void(const Clock&, std::vector<Stage>&)>;

  /// A schedule without inner stages; `text` is what parse() reads back as this schedule.
  template <Shape F>
  Schedule(std::string text, F shape)
      : Schedule(std::move(text), Binding::atom, std::move(shape), nullptr, nullptr, false) {}
  /// For make() and the combinators. Throws std::invalid_argument for an expression that is larger
  /// than limits.h allows.
  Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
           Resolve resolve, const std::shared_ptr<const Form>& form, bool watches_losses);
  Schedule(std::string text, Binding binding, std::function<double(const Clock&)> shape,
           Resolve resolve, std::shared_ptr<const Form> form, bool watches_losses,
           const Extent& extent);

  /// Throws std::invalid_argument if the shape yields a negative or non-finite factor.
  double operator()(const Clock& now) const {
    const double factor = node_->shape(now);
    if (!(factor >= 0.0 && factor <= largest)) refuse(factor, now);
    return factor;
  }

  /// The text that parse() turns back into this schedule.
  const std::string& text() const { return node_->text; }
  /// What it is made of; null for one that was made from a function.
  const Form* form() const { return node_->form.get(); }
  /// Whether the factor follows the validation losses, so that a run without any makes no sense.
  bool watches_losses() const { return node_->watches_losses; }
  const Extent& extent() const { return node_->extent; }
  /// The text, in parentheses if it binds less tightly than `needed`.
  std::string text_in(Binding needed) const;

  /// What rules which updates of a run, in order and without gaps; a chain that is over before the
  /// run holds its last value, which is a stage called "hold". Throws std::invalid_argument when a
  /// length does not fit the run: a stage that ends after it, or that is left without an update.
  /// More stages than anyone could read (limits::stage_text) are one.
  std::vector<Stage> stages(Step total, Step steps_per_epoch) const;
  void append_stages(const Clock& window, std::vector<Stage>& out) const;

 private:
  static constexpr double largest = 1.7976931348623157e308;
  struct Node {
    std::string text;
    Binding binding;
    std::function<double(const Clock&)> shape;
    Resolve resolve;
    std::shared_ptr<const Form> form;
    bool watches_losses;
    Extent extent;
  };
  [[noreturn]] void refuse(double factor, const Clock& now) const;

  std::shared_ptr<const Node> node_;
};

/// A schedule and how long it lasts; without a length, whatever the other stages leave.
struct Part {
  Schedule schedule;
  std::optional<Length> length = {};
};

/// What a schedule was made of, for those who translate it: "cosine" and its values in the order of
/// its parameters; or the name of a combinator, its numbers and its parts.
struct Form {
  std::string name;
  std::vector<Value> values = {};
  std::vector<Part> parts = {};
  bool from_file = false;  ///< `values` were read from a file, which the text does not name
};

/// Whether any part of it was read from a file.
bool reads_file(const Schedule& schedule);

}  // namespace anneal::sched
