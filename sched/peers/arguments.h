#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sched/peers/peers.h"
#include "sched/peers/python.h"

namespace anneal::sched::peers {

/// The arguments of one call, bound to the names of a class's signature, and the base rate. Each
/// getter fails with a caret under the argument and what was wanted, so that what a translation
/// builds of them cannot fail in our words.
///
/// An argument that was given must be read by the translation, declared to be ignored, or be what
/// it is by default: refuse_unread() names one that is not.
class Arguments {
 public:
  Arguments(const Peer& peer, const Class& of, python::Call call, std::size_t place, Cursor& at,
            double base_lr);

  double number(std::string_view name) const;
  /// In bounds that the peer has, too.
  double between(std::string_view name, double least, double most) const;
  /// In bounds that our schedules have and the peer does not, which a refusal says.
  double within(std::string_view name, double least, double most) const;
  double positive(std::string_view name) const;      ///< and at most largest
  double not_negative(std::string_view name) const;  ///< the same
  double length(std::string_view name) const;        ///< in updates, above 0
  /// A whole number of updates or the like, >= least.
  double whole(std::string_view name, double least = 0.0) const;
  /// A whole number of evaluations or the like.
  int count(std::string_view name, int least = 0, int most = 100'000) const;
  double power(std::string_view name) const;     ///< that our curves can be raised to
  double growth(std::string_view name) const;    ///< of cycles; below 1 they get shorter
  double one_over(std::string_view name) const;  ///< at most largest
  bool yes(std::string_view name) const;
  /// One of a few strings.
  std::string word(std::string_view name, std::initializer_list<std::string_view> known) const;
  std::string text(std::string_view name) const;
  std::vector<double> numbers(std::string_view name) const;
  std::vector<double> not_negative_numbers(std::string_view name) const;
  /// A dictionary from places to numbers, by place.
  std::vector<std::pair<double, double>> steps(std::string_view name) const;
  /// A lambda of so many numbers.
  const python::Lambda& lambda(std::string_view name, std::size_t parameters) const;
  /// A lambda of one number, as a formula over `step`.
  std::string formula(std::string_view name) const;
  /// Where one of the schedules of the list called `of` ends and the next begins, in order.
  std::vector<double> boundaries(std::string_view name, std::string_view of) const;
  /// A list of schedules of the same peer, translated.
  std::vector<Translation> schedules(std::string_view name) const;
  std::vector<python::Call> calls(std::string_view name) const;
  /// The same, each bound to its own class.
  std::vector<Arguments> each(std::string_view name) const;
  /// A call of the same peer, translated.
  Translation schedule(std::string_view name) const { return translated(value(name)); }
  Translation translated(const python::Value& call) const { return nested(call); }
  /// A list of dictionaries that are arguments of the class called `of`.
  std::vector<Translation> schedules_from(std::string_view name, std::string_view of) const;
  /// Another class, with these arguments; what is wrong with one is said of the name written.
  Translation as(std::string_view other, const std::vector<python::Keyword>& arguments) const;
  std::string_view class_name() const { return class_->name; }
  /// The names of those that do not have their defaults.
  std::vector<std::string> not_default() const;
  /// The call with these arguments, as Python writes it; without those that have their defaults.
  std::string call_text() const;
  const python::Value& value(std::string_view name) const;
  bool given(std::string_view name) const;  ///< and not None
  [[noreturn]] void refuse(std::string_view name, const std::string& what) const;

  /// The peer itself does nothing with these here, or nothing that changes a rate. Not every class
  /// that shares a translation need have them.
  void ignore(std::initializer_list<std::string_view> names) const;
  /// For a bound that is ours.
  [[noreturn]] void refuse_here(std::string_view name, const std::string& what) const;
  void refuse_unread() const;
  /// What the class makes of these; fails for one that it does not read.
  Translation translation() const;

  /// The rate at factor 1; fails unless it is above 0.
  double base() const;
  /// A rate that is not negative, as a factor of the base rate, which is not asked for if it is 0.
  double rate(std::string_view name) const { return rate(name, not_negative(name)); }
  /// The same of a rate that the argument holds.
  double rate(std::string_view name, double rate) const;
  /// A rate as a factor of the base rate.
  double of_base(double rate) const { return rate / base(); }
  /// A schedule of rates as one of factors.
  Schedule absolute(const Schedule& rates) const;

  static constexpr double largest = 1e6;  ///< of factors and rates
  static constexpr double smallest_growth = 1e-3;

 private:
  struct Bound {
    std::string name;
    std::string written;  ///< what the user calls it
    python::Value value;
    python::Value initial;
    bool given = false;
    mutable bool read = false;
  };
  const Bound& argument(std::string_view name) const;
  void bind_positional(std::vector<python::Value> values);
  void bind_keywords(std::vector<python::Keyword>&& keywords);
  Translation nested(const python::Value& v) const;
  /// A call within this one, of the same peer unless this one takes those of others.
  Arguments inner(const python::Call& call, std::size_t place) const;

  const Peer* peer_;
  const Class* class_;
  std::vector<Bound> bound_;
  std::size_t place_;
  Cursor* at_;
  double base_lr_;
};

}  // namespace anneal::sched::peers
