#pragma once
#include <array>
#include <cstddef>

namespace anneal::apps {

/// While it lives, Ctrl-C (SIGINT), SIGTERM, as from timeout, Slurm and containers, and SIGHUP ask
/// for an end, at the next place where one is possible; another of them, two seconds later or more,
/// ends the program. Before that it is taken for the same one: programs that pass a signal on
/// (timeout, some shells) also send it to the whole group, and it arrives twice.
class CatchInterrupt {
 public:
  CatchInterrupt();
  ~CatchInterrupt();
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;

  /// Whether an end was asked for, also after the last of these is gone.
  static bool caught();
  /// 128 and the number of the signal that asked, as shells have it: 130 for Ctrl-C, 143 for
  /// SIGTERM; 130 while none did.
  static int exit_code();

 private:
  static constexpr std::size_t count = 3;
  std::array<void (*)(int), count> previous_;
};

}  // namespace anneal::apps
