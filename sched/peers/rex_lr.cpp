// The REX_LR package, whose beta is 0.9 and which begins again after num_epochs.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/rex.h"

namespace anneal::sched::peers {
namespace rex_lr {
namespace {

Translation rex(const Arguments& a) {
  const double high = a.positive("max_val");
  if (a.not_negative("min_val") > Arguments::largest * high)
    a.refuse_here("min_val", "must not be so far above max_val");
  Cycles how;
  how.first = updates(a.whole("num_epochs", 1));
  return {a.absolute(
      high *
      endless(cycles(how, make(Rex{.beta = 0.9, .floor = a.not_negative("min_val") / high}))))};
}

}  // namespace
}  // namespace rex_lr

Peer rex_lr_peer() {
  using namespace rex_lr;
  static constexpr std::array classes{
      Class{"REX_LR", "max_val, num_epochs, min_val=0.0", "max_val=0.1, num_epochs=100", rex,
            "Not the paper's curve: its beta is 0.5, and it does not begin again."},
  };
  return {"rex_lr", "the REX_LR package", classes};
}

}  // namespace anneal::sched::peers
