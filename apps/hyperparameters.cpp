#include "apps/hyperparameters.h"

#include <array>
#include <string_view>

#include "apps/fail.h"
#include "sched/parse.h"

namespace anneal::apps {
namespace {

constexpr std::array<std::string_view, 5> names{"momentum", "beta1", "beta2", "weight-decay",
                                                "dropout"};

/// The value that is multiplied; none where there is no such thing.
std::optional<double> base_of(Hyper what, const OptimizerOptions& o, const NetworkOptions& n) {
  switch (what) {
    case Hyper::momentum: return momentum_of(o);
    case Hyper::beta1: return beta1_of(o);
    case Hyper::beta2: return beta2_of(o);
    case Hyper::weight_decay: return o.weight_decay;
    case Hyper::dropout: break;
  }
  return n.dropout;
}

/// `*` stands for any characters, also none.
bool matches_whole(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] != '*')
    return !name.empty() && pattern[0] == name[0] &&
           matches_whole(pattern.substr(1), name.substr(1));
  for (std::size_t skipped = 0; skipped <= name.size(); ++skipped)
    if (matches_whole(pattern.substr(1), name.substr(skipped))) return true;
  return false;
}

}  // namespace

std::string name_of(Hyper what) {
  return std::string(names[static_cast<std::size_t>(what)]);
}

std::vector<Followed> read_followed(const FollowOptions& given, const OptimizerOptions& optimizer,
                                    const NetworkOptions& network,
                                    const std::optional<sched::Schedule>& momentum) {
  std::vector<Followed> all;
  const std::array<std::pair<Hyper, const std::string*>, 5> texts{{
      {Hyper::momentum, &given.momentum},
      {Hyper::beta1, &given.beta1},
      {Hyper::beta2, &given.beta2},
      {Hyper::weight_decay, &given.weight_decay},
      {Hyper::dropout, &given.dropout},
  }};
  for (const auto& [what, text] : texts) {
    if (text->empty()) continue;
    const std::string option = "--" + name_of(what) + "-schedule";
    const std::optional<double> base = base_of(what, optimizer, network);
    if (!base)
      fail(Fault::argument, "optimizer '" + optimizer.name + "' has nothing for " + option);
    if (*base == 0.0)
      fail(Fault::argument, option + " multiplies --" + name_of(what) + ", which is 0");
    all.push_back({what, *base, sched::parse(*text)});
  }
  if (!momentum) return all;
  const Hyper what = momentum_of(optimizer) ? Hyper::momentum : Hyper::beta1;
  if (!base_of(what, optimizer, network)) return all;  // a rule without either
  for (const Followed& f : all)
    if (f.what == what) return all;
  all.push_back({.what = what, .base = 1.0, .schedule = *momentum, .of_peer = true});
  return all;
}

LrGroup read_lr_group(const std::string& text, double base_lr) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon == 0)
    fail(Fault::argument,
         "--lr-group wants 'PATTERN: SCHEDULE', such as 'bias: 2 * cosine'; got '" + text + "'");
  std::string pattern = text.substr(0, colon);
  while (pattern.ends_with(' ')) pattern.pop_back();
  return {pattern, sched::parse(std::string_view(text).substr(colon + 1), base_lr)};
}

bool matches(const std::string& pattern, const std::string& name) {
  if (matches_whole(pattern, name)) return true;
  for (std::size_t begin = 0; begin <= name.size();) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    if (matches_whole(pattern, name.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace anneal::apps
