#pragma once

namespace anneal::apps {

/// While it lives, Ctrl-C asks for an end, at the next place where one is possible; a second one,
/// two seconds later or more, ends the program. Before that it is taken for the same one: programs
/// that pass a signal on (timeout, some shells) also send it to the whole group, and it arrives
/// twice.
class CatchInterrupt {
 public:
  CatchInterrupt();
  ~CatchInterrupt();
  CatchInterrupt(const CatchInterrupt&) = delete;
  CatchInterrupt& operator=(const CatchInterrupt&) = delete;

  /// Whether an end was asked for, also after the last of these is gone.
  static bool caught();

 private:
  void (*previous_)(int);
};

}  // namespace anneal::apps
