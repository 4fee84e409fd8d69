#pragma once
#include "sched/peers/peers.h"
#include "sched/peers/python.h"

namespace anneal::sched::peers {

class Arguments;

/// Binds a call to its class; without a peer's name before it, it is `peer`'s.
Arguments bound(const python::Call& call, std::size_t place, const Peer* peer, Cursor& at,
                double base_lr);

/// Translates a call whose path may begin with a peer's name; without one it is `peer`'s.
Translation translate_call(const python::Call& call, std::size_t place, const Peer* peer,
                           Cursor& at, double base_lr);

}  // namespace anneal::sched::peers
