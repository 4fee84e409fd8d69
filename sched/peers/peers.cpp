#include "sched/peers/peers.h"

#include <algorithm>
#include <string>
#include <vector>

#include "sched/all_peers.h"
#include "sched/peers/arguments.h"
#include "sched/peers/find.h"
#include "sched/suggest.h"

namespace anneal::sched::peers {
namespace {

std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
  return list;
}

const Peer* find_peer(std::string_view name) {
  const auto found = std::ranges::find(all(), name, &Peer::name);
  return found == all().end() ? nullptr : &*found;
}

/// The class that a path ends in: "optim.lr_scheduler.StepLR" as well as "StepLR".
const Class* find_class(const Peer& peer, std::string_view path) {
  for (const Class& c : peer.classes)
    if (path == c.name || (path.ends_with(c.name) && path[path.size() - c.name.size() - 1] == '.'))
      return &c;
  return nullptr;
}

struct Found {
  const Peer* peer;
  const Class* of;
};

Found resolve(const python::Call& call, std::size_t place, const Peer* peer, Cursor& at) {
  // "keras.CosineDecay" as well as "tf.keras.optimizers.schedules.CosineDecay".
  std::string rest = call.path;
  for (std::size_t begin = 0, dot = 0; (dot = call.path.find('.', begin)) != std::string::npos;
       begin = dot + 1)
    if (const Peer* named = find_peer(call.path.substr(begin, dot - begin))) {
      peer = named;
      rest = call.path.substr(dot + 1);
      break;
    }
  if (peer == nullptr) {
    std::vector<std::string> names;
    for (const Peer& p : all()) names.emplace_back(p.name);
    const std::string given = call.path.substr(0, call.path.find('.'));
    std::string guess = did_you_mean(given, names);
    // "lr_scheduler.StepLR": of the code that it was copied from, the system's name is missing.
    if (const std::string meant = with_system(call.path); !meant.empty())
      guess = "; did you mean " + meant + "?";
    at.fail_at(place, "no system is called '" + given + "'" +
                          (guess.empty() ? "; known: " + list_of(names) : guess));
  }
  const Class* of = find_class(*peer, rest);
  if (of == nullptr) {
    std::vector<std::string> names;
    for (const Class& c : peer->classes) names.emplace_back(c.name);
    const std::string last = rest.substr(rest.rfind('.') + 1);
    const std::string guess = did_you_mean(last, names);
    at.fail_at(place, std::string(peer->title) + " has no schedule '" + rest +
                          "' that is known here" +
                          (guess.empty() ? "; known: " + list_of(names) : guess));
  }
  return {peer, of};
}

}  // namespace

std::span<const Peer> all() {
  static const std::vector<Peer> peers = all_peers();
  return peers;
}

std::string with_system(std::string_view path) {
  std::string meant;
  for (const Peer& peer : all())
    if (const Class* known = find_class(peer, path)) {
      std::string name = std::string(peer.name) + "." + std::string(known->name) + "(...)";
      if (peer.name == "torch") return name;  // where the others have it from
      meant += (meant.empty() ? "" : " or ") + name;
    }
  return meant;
}

Arguments bound(const python::Call& call, std::size_t place, const Peer* peer, Cursor& at,
                double base_lr) {
  const Found found = resolve(call, place, peer, at);
  return {*found.peer, *found.of, call, place, at, base_lr};
}

Translation translate_call(const python::Call& call, std::size_t place, const Peer* peer,
                           Cursor& at, double base_lr) {
  return bound(call, place, peer, at, base_lr).translation();
}

Translation read(Cursor& at, double base_lr) {
  const std::size_t place = at.place();
  return translate_call(python::read_call(at), place, nullptr, at, base_lr);
}

std::optional<Translation> translate(std::string_view text, double base_lr) {
  Cursor at(text);
  if (!is_letter(at.peek())) return {};
  at.identifier("");
  if (at.peek() != '.') return {};  // one of ours
  at.go_to(0);
  const python::Call call = python::read_call(at);
  if (!at.at_end()) return {};
  return translate_call(call, 0, nullptr, at, base_lr);
}

}  // namespace anneal::sched::peers
