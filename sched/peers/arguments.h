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
/// getter fails with a caret under the argument and what was wanted.
class Arguments {
 public:
  Arguments(const Peer& peer, const Class& of, python::Call call, std::size_t place, Cursor& at,
            double base_lr);

  double number(std::string_view name) const;
  double positive(std::string_view name) const;
  double not_negative(std::string_view name) const;
  /// A whole number of updates or the like, >= least.
  double whole(std::string_view name, double least = 0.0) const;
  bool yes(std::string_view name) const;
  /// One of a few strings.
  std::string word(std::string_view name, std::initializer_list<std::string_view> known) const;
  std::vector<double> numbers(std::string_view name) const;
  /// A dictionary from places to numbers, by place.
  std::vector<std::pair<double, double>> steps(std::string_view name) const;
  /// A lambda of one number, as a formula over `step`.
  std::string formula(std::string_view name) const;
  /// Where one of the schedules of the list called `of` ends and the next begins, in order.
  std::vector<double> boundaries(std::string_view name, std::string_view of) const;
  /// A list of calls of the same peer, translated.
  std::vector<Translation> schedules(std::string_view name) const;
  std::vector<python::Call> calls(std::string_view name) const;
  /// A list of dictionaries that are arguments of the class called `of`.
  std::vector<Translation> schedules_from(std::string_view name, std::string_view of) const;
  /// Another class, with these arguments.
  Translation as(std::string_view other, const std::vector<python::Keyword>& arguments) const;
  const python::Value& value(std::string_view name) const;
  bool given(std::string_view name) const;  ///< and not None
  [[noreturn]] void refuse(std::string_view name, const std::string& what) const;

  /// The rate at factor 1; fails unless it is above 0.
  double base() const;
  /// A rate as a factor of the base rate.
  double of_base(double rate) const { return rate / base(); }
  /// A schedule of rates as one of factors.
  Schedule absolute(const Schedule& rates) const;

 private:
  Translation nested(const python::Value& call) const;

  const Peer* peer_;
  const Class* class_;
  std::vector<python::Keyword> bound_;
  std::size_t place_;
  Cursor* at_;
  double base_lr_;
};

}  // namespace anneal::sched::peers
