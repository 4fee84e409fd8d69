// Lightning: the dictionary about a scheduler that configure_optimizers returns.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"

namespace anneal::sched::peers {
namespace lightning {
namespace {

Translation config(const Arguments& a) {
  a.ignore({"monitor", "strict"});
  if (const auto* entries = std::get_if<python::Dictionary>(&a.value("scheduler").is)) {
    std::vector<python::Keyword> set;
    for (const auto& [key, v] : *entries) {
      const auto* word = std::get_if<std::string>(&key.is);
      if (word == nullptr) a.refuse("scheduler", "must have names as keys");
      set.push_back({*word, v});
    }
    return a.as("LRSchedulerConfig", set);
  }
  Translation inner = a.schedule("scheduler");
  const bool per_step = a.word("interval", {"epoch", "step"}) == "step";
  if (a.whole("frequency", 1) != 1.0)
    a.refuse("frequency", "is not translated, except 1: each rate would last for several steps");
  if (inner.lr.watches_losses()) {  // at each evaluation, wherever in the run that is
    if (!a.given("monitor")) a.refuse("monitor", "must be given for ReduceLROnPlateau");
    return inner;
  }
  if (per_step) return inner;
  Translation out{per_epoch(inner.lr)};
  if (inner.momentum) out.momentum = per_epoch(*inner.momentum);
  return out;
}

}  // namespace
}  // namespace lightning

Peer lightning_peer() {
  using namespace lightning;
  static constexpr std::array classes{
      Class{"LRSchedulerConfig",
            "scheduler, interval='epoch', frequency=1, monitor=None, strict=True, name=None",
            "torch.StepLR(step_size=30, gamma=0.1)", config,
            "Without an interval the scheduler is stepped once an epoch."},
  };
  return {.name = "lightning",
          .title = "Lightning",
          .classes = classes,
          .takes_optimizer = false,
          .takes_those_of_others = true};
}

}  // namespace anneal::sched::peers
