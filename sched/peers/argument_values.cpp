// What an argument is read as: each getter fails with a caret under the argument, in the words of
// the peer.
#include "sched/peers/arguments.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sched/formula.h"
#include "sched/limits.h"

namespace anneal::sched::peers {

double Arguments::number(std::string_view name) const {
  const python::Value& v = value(name);
  if (const auto* number = std::get_if<double>(&v.is)) return *number;
  if (const auto* list = std::get_if<python::List>(&v.is); list != nullptr && !list->empty())
    refuse(name,
           "must be a number: a list is for several parameter groups, of which each has a schedule "
           "of its own here (--lr-group)");
  if (const auto* call = std::get_if<python::Call>(&v.is); call != nullptr && call->is_name)
    refuse(name, "must be a number, and '" + call->path + "' is a name: write its value");
  refuse(name, "must be a number");
}

double Arguments::between(std::string_view name, double least, double most) const {
  const double x = number(name);
  if (!(x >= least && x <= most))
    refuse(name, "must be a number in [" + number_text(least) + ", " + number_text(most) + "]");
  return x;
}

double Arguments::within(std::string_view name, double least, double most) const {
  const double x = number(name);
  if (!(x >= least && x <= most))
    refuse_here(name,
                "must be a number in [" + number_text(least) + ", " + number_text(most) + "]");
  return x;
}

double Arguments::positive(std::string_view name) const {
  const double x = number(name);
  if (!(x > 0.0)) refuse(name, "must be above 0");
  if (x > largest) refuse_here(name, "must be at most " + number_text(largest));
  return x;
}

double Arguments::not_negative(std::string_view name) const {
  const double x = number(name);
  if (!(x >= 0.0)) refuse(name, "must not be negative");
  if (x > largest) refuse_here(name, "must be at most " + number_text(largest));
  return x;
}

double Arguments::length(std::string_view name) const {
  const double x = number(name);
  if (!(x > 0.0)) refuse(name, "must be above 0");
  if (x > limits::forever) refuse_here(name, "must be at most " + number_text(limits::forever));
  return x;
}

double Arguments::whole(std::string_view name, double least) const {
  const double x = number(name);
  if (x != std::floor(x) || x < least || x > limits::forever)
    refuse(name, "must be a whole number, at least " + number_text(least));
  return x;
}

int Arguments::count(std::string_view name, int least, int most) const {
  if (whole(name, least) > most) refuse_here(name, "must be at most " + std::to_string(most));
  return static_cast<int>(number(name));
}

double Arguments::power(std::string_view name) const {
  return within(name, 0.01, 100.0);
}

double Arguments::growth(std::string_view name) const {
  const double x = positive(name);
  if (x < smallest_growth) refuse_here(name, "must be at least " + number_text(smallest_growth));
  return x;
}

double Arguments::one_over(std::string_view name) const {
  const double x = positive(name);
  if (1.0 / x > largest) refuse_here(name, "must be at least " + number_text(1.0 / largest));
  return 1.0 / x;
}

bool Arguments::yes(std::string_view name) const {
  const python::Value& v = value(name);
  if (const auto* yes = std::get_if<bool>(&v.is)) return *yes;
  if (const auto* number = std::get_if<double>(&v.is)) return *number != 0.0;
  refuse(name, "must be True or False");
}

std::string Arguments::word(std::string_view name,
                            std::initializer_list<std::string_view> known) const {
  const auto* word = std::get_if<std::string>(&value(name).is);
  if (word != nullptr && std::ranges::find(known, *word) != known.end()) return *word;
  std::string list;
  for (const std::string_view k : known)
    list += (list.empty() ? "'" : ", '") + std::string(k) + "'";
  refuse(name, "must be one of " + list);
}

std::string Arguments::text(std::string_view name) const {
  const auto* text = std::get_if<std::string>(&value(name).is);
  if (text == nullptr) refuse(name, "must be a string");
  return *text;
}

std::vector<double> Arguments::numbers(std::string_view name) const {
  const auto* list = std::get_if<python::List>(&value(name).is);
  if (list == nullptr) refuse(name, "must be a list of numbers");
  std::vector<double> out;
  for (const python::Value& item : *list) {
    const auto* number = std::get_if<double>(&item.is);
    if (number == nullptr) at_->fail_at(item.at, "wanted a number");
    out.push_back(*number);
  }
  return out;
}

std::vector<double> Arguments::not_negative_numbers(std::string_view name) const {
  const auto* list = std::get_if<python::List>(&value(name).is);
  std::vector<double> out = numbers(name);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!(out[i] >= 0.0 && out[i] <= largest))
      at_->fail_at((*list)[i].at,
                   std::string(name) + " must be numbers in [0, " + number_text(largest) + "]");
  return out;
}

std::vector<std::pair<double, double>> Arguments::steps(std::string_view name) const {
  if (!given(name)) return {};
  const auto* dictionary = std::get_if<python::Dictionary>(&value(name).is);
  if (dictionary == nullptr) refuse(name, "must be a dictionary such as {30: 0.1}");
  std::vector<std::pair<double, double>> out;
  for (const auto& [key, item] : *dictionary) {
    const auto* place = std::get_if<double>(&key.is);
    const auto* number = std::get_if<double>(&item.is);
    if (place == nullptr || *place < 0.0) at_->fail_at(key.at, "wanted an update, a number >= 0");
    if (number == nullptr || *number < 0.0) at_->fail_at(item.at, "wanted a number >= 0");
    out.emplace_back(*place, *number);
  }
  std::ranges::sort(out);
  return out;
}

const python::Lambda& Arguments::lambda(std::string_view name, std::size_t parameters) const {
  const python::Value* v = &value(name);
  if (const auto* list = std::get_if<python::List>(&v->is)) {
    if (list->size() != 1)
      refuse(name,
             "with several functions is for several parameter groups: give each group its own "
             "with --lr-group");
    v = &list->front();
  }
  const auto* lambda = std::get_if<python::Lambda>(&v->is);
  if (lambda == nullptr)
    refuse(name, "must be a lambda of arithmetic, such as lambda step: 0.95**step");
  if (lambda->parameters.size() != parameters)
    at_->fail_at(
        v->at, "wanted a lambda of " + (parameters == 1 ? std::string("one number")
                                                        : std::to_string(parameters) + " numbers"));
  return *lambda;
}

std::string Arguments::formula(std::string_view name) const {
  static const std::array<std::string, 1> step{"step"};
  return lambda(name, 1).body.text(step, Formula::plain);
}

}  // namespace anneal::sched::peers
