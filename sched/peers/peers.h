#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sched/cursor.h"
#include "sched/schedule.h"

/// Other systems' schedules, written as one writes them in Python and translated into ours:
/// `torch.CosineAnnealingLR(T_max=90)` is `wave:half=90`. A peer's own traps are kept where they
/// define its numbers; Class::note names them.
namespace anneal::sched::peers {

/// The moments of a peer's schedule are the updates: one call of its step() is one update.
struct Translation {
  Schedule lr;                            ///< factors of the base rate
  std::optional<Schedule> momentum = {};  ///< momentum itself, where the schedule moves it
};

class Arguments;

/// One schedule of a peer.
struct Class {
  std::string_view name;
  std::string_view signature;  ///< as Python has it: "step_size, gamma=0.1"
  std::string_view example;    ///< arguments of a call for some 100 updates
  Translation (*translate)(const Arguments&);
  std::string_view note;  ///< what may surprise; may be empty
};

struct Peer {
  std::string_view name;   ///< as in the text: "torch"
  std::string_view title;  ///< "PyTorch"
  std::span<const Class> classes;
  bool takes_optimizer = true;  ///< as the first argument of each class, which we leave out
  /// Where it takes schedules: functions of the step; those of other systems, such as PyTorch's.
  bool takes_functions = false;
  bool takes_those_of_others = false;
};
std::span<const Peer> all();

/// "torch.StepLR(...)" for "StepLR" or "lr_scheduler.StepLR", a class without its system: of
/// several that have one of that name PyTorch alone, else "a.Name(...) or b.Name(...)". Empty if
/// none has.
std::string with_system(std::string_view path);

/// Reads one call, such as `torch.StepLR(step_size=30)`; longer paths, as in
/// `torch.optim.lr_scheduler.StepLR`, are understood. `base_lr` is the rate at factor 1: rates that
/// are absolute in the peer become factors of it. Fails with a caret.
Translation read(Cursor& at, double base_lr);

/// The same for a text that is one such call and nothing else, or nothing.
std::optional<Translation> translate(std::string_view text, double base_lr);

}  // namespace anneal::sched::peers
