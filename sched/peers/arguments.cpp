#include "sched/peers/arguments.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "sched/algebra.h"
#include "sched/formula.h"
#include "sched/peers/find.h"
#include "sched/peers/python_text.h"
#include "sched/schedules/expr.h"
#include "sched/suggest.h"

namespace anneal::sched::peers {
namespace {

/// What is of no consequence to the rates, in every peer that has it.
bool is_of_no_effect(std::string_view name) {
  return name == "optimizer" || name == "verbose" || name == "name" || name == "initialize";
}

/// An optimizer's name or nothing, which this needs not.
bool is_optimizer(const python::Value& v) {
  const auto* call = std::get_if<python::Call>(&v.is);
  return (call != nullptr && call->is_name) || std::holds_alternative<python::None>(v.is);
}

bool is_same(const python::Value& a, const python::Value& b) {
  if (a.is.index() != b.is.index()) return false;
  if (const auto* number = std::get_if<double>(&a.is)) return *number == std::get<double>(b.is);
  if (const auto* yes = std::get_if<bool>(&a.is)) return *yes == std::get<bool>(b.is);
  if (const auto* text = std::get_if<std::string>(&a.is))
    return *text == std::get<std::string>(b.is);
  return std::holds_alternative<python::None>(a.is);
}

}  // namespace

Arguments::Arguments(const Peer& peer, const Class& of, python::Call call, std::size_t place,
                     Cursor& at, double base_lr)
    : peer_(&peer), class_(&of), place_(place), at_(&at), base_lr_(base_lr) {
  // "step_size, gamma=0.1"
  std::vector<bool> required;
  for (Cursor signature(of.signature); !signature.at_end(); signature.accept(',')) {
    const std::string name(signature.identifier("a parameter"));
    Bound parameter{name, name, {{}, place}, {}};
    required.push_back(!signature.accept('='));
    if (!required.back()) parameter.value = parameter.initial = python::read(signature);
    parameter.value.at = place;
    bound_.push_back(std::move(parameter));
  }
  bind_positional(std::move(call.positional));
  bind_keywords(std::move(call.keywords));
  for (std::size_t i = 0; i < bound_.size(); ++i)
    if (required[i] && !bound_[i].given)
      at.fail_at(place, std::string(of.name) + " needs " + bound_[i].name +
                            "; it has: " + std::string(of.signature));
}

/// `torch.StepLR(optimizer, 30)`: the optimizer has a place of its own, the first unless the
/// signature says otherwise, and may be left out.
void Arguments::bind_positional(std::vector<python::Value> values) {
  const auto has_place = std::ranges::find(bound_, "optimizer", &Bound::name);
  const auto place = has_place == bound_.end() ? 0 : has_place - bound_.begin();
  const bool there = std::ssize(values) > place &&
                     is_optimizer(values[static_cast<std::size_t>(place)]) &&
                     (has_place != bound_.end() || peer_->takes_optimizer);
  if (there && has_place == bound_.end()) values.erase(values.begin());
  if (!there && has_place != bound_.end() && std::ssize(values) > place)
    values.insert(values.begin() + place, {python::None{}, place_});
  if (values.size() > bound_.size())
    at_->fail_at(values[bound_.size()].at, std::string(class_->name) + " takes no more than " +
                                               std::to_string(bound_.size()) +
                                               " arguments: " + std::string(class_->signature));
  for (std::size_t i = 0; i < values.size(); ++i) {
    bound_[i].value = std::move(values[i]);
    bound_[i].given = true;
  }
}

void Arguments::bind_keywords(std::vector<python::Keyword>&& keywords) {
  for (auto& [name, value, written, at] : keywords) {
    const auto found = std::ranges::find(bound_, name, &Bound::name);
    if (found == bound_.end()) {
      if (is_of_no_effect(name)) continue;
      if (name == "last_epoch") {
        if (const auto* last = std::get_if<double>(&value.is); last != nullptr && *last == -1.0)
          continue;
        at_->fail_at(value.at, "last_epoch is not translated for " + std::string(class_->name) +
                                   ": the schedule begins at its first update");
      }
      std::vector<std::string> names;
      for (const Bound& b : bound_) names.push_back(b.name);
      const std::string guess = did_you_mean(name, names);
      at_->fail_at(at == 0 ? value.at : at,
                   std::string(class_->name) + " has no argument '" + name + "'" +
                       (guess.empty() ? "; it has: " + std::string(class_->signature) : guess));
    }
    if (found->given) at_->fail_at(at == 0 ? value.at : at, "'" + name + "' is given twice");
    found->given = true;
    found->value = std::move(value);
    if (!written.empty()) found->written = written;
  }
}

const Arguments::Bound& Arguments::argument(std::string_view name) const {
  return *std::ranges::find(bound_, name, &Bound::name);
}

const python::Value& Arguments::value(std::string_view name) const {
  const Bound& found = argument(name);
  found.read = true;
  return found.value;
}

bool Arguments::given(std::string_view name) const {
  return !std::holds_alternative<python::None>(argument(name).value.is);
}

void Arguments::refuse(std::string_view name, const std::string& what) const {
  at_->fail_at(value(name).at, argument(name).written + " " + what);
}

void Arguments::refuse_here(std::string_view name, const std::string& what) const {
  refuse(name, what + "; that is a bound of Anneal's, not of " + std::string(peer_->title));
}

void Arguments::ignore(std::initializer_list<std::string_view> names) const {
  for (const Bound& b : bound_)
    if (std::ranges::find(names, b.name) != names.end()) b.read = true;
}

void Arguments::refuse_unread() const {
  for (const Bound& b : bound_)
    if (b.given && !b.read && !is_of_no_effect(b.name) && !is_same(b.value, b.initial))
      at_->fail_at(b.value.at, b.written + " has no part in " + std::string(class_->name) +
                                   " with these arguments: leave it out");
}

Translation Arguments::translation() const {
  Translation translation = class_->translate(*this);
  refuse_unread();
  return translation;
}

Arguments Arguments::inner(const python::Call& call, std::size_t place) const {
  Arguments its = bound(call, place, peer_, *at_, base_lr_);
  if (its.peer_ != peer_ && !peer_->takes_those_of_others)
    at_->fail_at(place, "wanted a schedule of " + std::string(peer_->title));
  return its;
}

/// A plain function is a schedule where the peer calls each with the step.
Translation Arguments::nested(const python::Value& v) const {
  if (const auto* lambda = std::get_if<python::Lambda>(&v.is);
      lambda != nullptr && peer_->takes_functions) {
    static const std::array<std::string, 1> step{"step"};
    if (lambda->parameters.size() != 1) at_->fail_at(v.at, "wanted a lambda of one number");
    return {absolute(make(Expr{lambda->body.text(step, Formula::plain)}))};
  }
  const auto* call = std::get_if<python::Call>(&v.is);
  if (call == nullptr)
    at_->fail_at(v.at,
                 "wanted a schedule of " + std::string(peer_->title) +
                     (peer_->takes_functions ? ", or a function such as lambda step: 0.1" : ""));
  return inner(*call, v.at).translation();
}

std::vector<python::Call> Arguments::calls(std::string_view name) const {
  const auto* list = std::get_if<python::List>(&value(name).is);
  if (list == nullptr || list->empty()) refuse(name, "must be a list of schedules");
  std::vector<python::Call> out;
  for (const python::Value& item : *list) {
    const auto* call = std::get_if<python::Call>(&item.is);
    if (call == nullptr) at_->fail_at(item.at, "wanted a schedule of " + std::string(peer_->title));
    out.push_back(*call);
  }
  return out;
}

std::vector<Arguments> Arguments::each(std::string_view name) const {
  calls(name);  // to see that they are calls
  std::vector<Arguments> out;
  for (const python::Value& item : std::get<python::List>(value(name).is))
    out.push_back(inner(std::get<python::Call>(item.is), item.at));
  return out;
}

std::vector<std::string> Arguments::not_default() const {
  std::vector<std::string> out;
  for (const Bound& b : bound_)
    if (python::text(b.value) != python::text(b.initial)) out.push_back(b.name);
  return out;
}

std::string Arguments::call_text() const {
  std::string out;
  for (const std::string& name : not_default())
    out += (out.empty() ? "" : ", ") + name + "=" + python::text(value(name));
  return std::string(class_->name) + "(" + out + ")";
}

std::vector<Translation> Arguments::schedules(std::string_view name) const {
  const auto* list = std::get_if<python::List>(&value(name).is);
  if (list == nullptr || list->empty()) refuse(name, "must be a list of schedules");
  std::vector<Translation> out;
  for (const python::Value& item : *list) out.push_back(nested(item));
  return out;
}

std::vector<double> Arguments::boundaries(std::string_view name, std::string_view of) const {
  std::vector<double> out = numbers(name);
  const auto* list = std::get_if<python::List>(&value(of).is);
  if (list == nullptr || out.size() + 1 != list->size())
    refuse(name, "must be one fewer than the " + std::string(of));
  const auto& places = std::get<python::List>(value(name).is);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] < 0.0 || out[i] > 1e15)
      at_->fail_at(places[i].at, argument(name).written + " must be updates, from 0 to 1e15");
    if (i > 0 && out[i] < out[i - 1])
      at_->fail_at(places[i].at, argument(name).written + " must be increasing");
  }
  return out;
}

std::vector<Translation> Arguments::schedules_from(std::string_view name,
                                                   std::string_view of) const {
  const auto* list = std::get_if<python::List>(&value(name).is);
  if (list == nullptr || list->empty()) refuse(name, "must be a list of dictionaries");
  std::vector<Translation> out;
  for (const python::Value& item : *list) {
    const auto* dictionary = std::get_if<python::Dictionary>(&item.is);
    if (dictionary == nullptr) at_->fail_at(item.at, "wanted a dictionary of arguments");
    python::Call call{std::string(of), {}, {}};
    for (const auto& [key, v] : *dictionary) {
      const auto* word = std::get_if<std::string>(&key.is);
      if (word == nullptr) at_->fail_at(key.at, "wanted the name of an argument, in quotes");
      call.keywords.push_back({.name = *word, .value = v, .at = key.at});
    }
    out.push_back(translate_call(call, item.at, peer_, *at_, base_lr_));
  }
  return out;
}

Translation Arguments::as(std::string_view other,
                          const std::vector<python::Keyword>& arguments) const {
  return translate_call({std::string(other), {}, arguments}, place_, peer_, *at_, base_lr_);
}

double Arguments::base() const {
  if (!(base_lr_ > 0.0))
    at_->fail_at(place_, std::string(class_->name) +
                             " has absolute rates, which become factors of the base learning rate: "
                             "that must be above 0");
  return base_lr_;
}

double Arguments::rate(std::string_view name, double rate) const {
  if (rate == 0.0) return 0.0;
  if (of_base(rate) > largest)
    refuse_here(name, "is more than " + number_text(largest) + " times the base learning rate");
  return of_base(rate);
}

Schedule Arguments::absolute(const Schedule& rates) const {
  return base() == 1.0 ? rates : (1.0 / base()) * rates;
}

}  // namespace anneal::sched::peers
