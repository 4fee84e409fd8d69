#include "sched/peers/arguments.h"

#include <algorithm>
#include <cmath>

#include "sched/algebra.h"
#include "sched/formula.h"
#include "sched/peers/find.h"
#include "sched/suggest.h"

namespace anneal::sched::peers {
namespace {

struct Parameter {
  std::string name;
  std::optional<python::Value> initial;
};

/// Reads "step_size, gamma=0.1".
std::vector<Parameter> parameters_of(const Class& of) {
  std::vector<Parameter> all;
  Cursor at(of.signature);
  while (!at.at_end()) {
    all.push_back({std::string(at.identifier("a parameter")), {}});
    if (at.accept('=')) all.back().initial = python::read(at);
    at.accept(',');
  }
  return all;
}

/// What every schedule of a peer takes and none of ours needs.
bool is_ignored(std::string_view name) {
  return name == "optimizer" || name == "last_epoch" || name == "verbose" || name == "name" ||
         name == "initialize";
}

}  // namespace

Arguments::Arguments(const Peer& peer, const Class& of, python::Call call, std::size_t place,
                     Cursor& at, double base_lr)
    : peer_(&peer), class_(&of), place_(place), at_(&at), base_lr_(base_lr) {
  const std::vector<Parameter> parameters = parameters_of(of);
  for (const Parameter& p : parameters)
    bound_.push_back({p.name, p.initial ? *p.initial : python::Value{python::None{}, place}});
  // `torch.StepLR(optimizer, 30)`: a name alone is the optimizer.
  if (!call.positional.empty())
    if (const auto* first = std::get_if<python::Call>(&call.positional[0].is);
        first != nullptr && first->positional.empty() && first->keywords.empty())
      call.positional.erase(call.positional.begin());
  if (call.positional.size() > parameters.size())
    at.fail_at(call.positional[parameters.size()].at,
               std::string(of.name) + " takes no more than " + std::to_string(parameters.size()) +
                   " arguments: " + std::string(of.signature));
  std::vector<bool> set(parameters.size(), false);
  for (std::size_t i = 0; i < call.positional.size(); ++i) {
    bound_[i].value = std::move(call.positional[i]);
    set[i] = true;
  }
  for (auto& [name, value] : call.keywords) {
    const auto found = std::ranges::find(parameters, name, &Parameter::name);
    if (found == parameters.end()) {
      if (is_ignored(name)) continue;
      std::vector<std::string> names(parameters.size());
      std::ranges::transform(parameters, names.begin(), &Parameter::name);
      const std::string guess = did_you_mean(name, names);
      at.fail_at(value.at, std::string(of.name) + " has no argument '" + name + "'" +
                               (guess.empty() ? "; it has: " + std::string(of.signature) : guess));
    }
    const auto i = static_cast<std::size_t>(found - parameters.begin());
    if (set[i]) at.fail_at(value.at, "'" + name + "' is given twice");
    set[i] = true;
    bound_[i].value = std::move(value);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (!parameters[i].initial && !set[i])
      at.fail_at(place, std::string(of.name) + " needs " + parameters[i].name +
                            "; it has: " + std::string(of.signature));
}

const python::Value& Arguments::value(std::string_view name) const {
  return std::ranges::find(bound_, name, &python::Keyword::name)->value;
}

bool Arguments::given(std::string_view name) const {
  return !std::holds_alternative<python::None>(value(name).is);
}

void Arguments::refuse(std::string_view name, const std::string& what) const {
  at_->fail_at(value(name).at, std::string(name) + " " + what);
}

double Arguments::number(std::string_view name) const {
  const auto* number = std::get_if<double>(&value(name).is);
  if (number == nullptr) refuse(name, "must be a number");
  return *number;
}

double Arguments::positive(std::string_view name) const {
  const double x = number(name);
  if (!(x > 0.0)) refuse(name, "must be above 0");
  return x;
}

double Arguments::not_negative(std::string_view name) const {
  const double x = number(name);
  if (!(x >= 0.0)) refuse(name, "must not be negative");
  return x;
}

double Arguments::whole(std::string_view name, double least) const {
  const double x = number(name);
  if (x != std::floor(x) || x < least || x > 1e15)
    refuse(name, "must be a whole number, at least " + number_text(least));
  return x;
}

bool Arguments::yes(std::string_view name) const {
  const auto* yes = std::get_if<bool>(&value(name).is);
  if (yes == nullptr) refuse(name, "must be True or False");
  return *yes;
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

std::string Arguments::formula(std::string_view name) const {
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
  if (lambda->parameters.size() != 1) at_->fail_at(v->at, "wanted a lambda of one number");
  // Its parameter by our name for it.
  const std::string& from = lambda->parameters[0];
  const std::string& body = lambda->body;
  std::string out;
  for (std::size_t i = 0; i < body.size();) {
    std::size_t end = i;
    while (end < body.size() && (is_letter(body[end]) || is_digit(body[end]) || body[end] == '.'))
      ++end;
    const std::string word = body.substr(i, end - i);
    out += word.empty() ? std::string(1, body[i]) : word == from ? "step" : word;
    i = word.empty() ? i + 1 : end;
  }
  static constexpr std::array<std::string_view, 1> variables{"step"};
  Formula::Mistake mistake;
  if (!Formula::read(out, variables, mistake))
    at_->fail_at(v->at, "in the lambda: " + mistake.what);
  return out;
}

Translation Arguments::nested(const python::Value& v) const {
  const auto* call = std::get_if<python::Call>(&v.is);
  if (call == nullptr) at_->fail_at(v.at, "wanted a schedule of " + std::string(peer_->title));
  return translate_call(*call, v.at, peer_, *at_, base_lr_);
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

std::vector<Translation> Arguments::schedules(std::string_view name) const {
  std::vector<Translation> out;
  calls(name);  // to see that they are calls
  for (const python::Value& item : std::get<python::List>(value(name).is))
    out.push_back(nested(item));
  return out;
}

std::vector<double> Arguments::boundaries(std::string_view name, std::string_view of) const {
  std::vector<double> out = numbers(name);
  if (out.size() + 1 != calls(of).size())
    refuse(name, "must be one fewer than the " + std::string(of));
  if (!std::ranges::is_sorted(out)) refuse(name, "must be increasing");
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
      call.keywords.push_back({*word, v});
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

Schedule Arguments::absolute(const Schedule& rates) const {
  return base() == 1.0 ? rates : (1.0 / base()) * rates;
}

}  // namespace anneal::sched::peers
