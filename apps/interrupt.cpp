#include "apps/interrupt.h"

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>

namespace anneal::apps {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};

std::atomic<std::time_t> caught_at = 0;  ///< 0: not yet
std::atomic<int> first_caught = SIGINT;
static_assert(std::atomic<std::time_t>::is_always_lock_free, "a signal handler sets it");

void ask_for_end(int signal) {
  const std::time_t now = std::time(nullptr);
  if (caught_at == 0) {
    caught_at = now;
    first_caught = signal;
  }
  if (now - caught_at < 2) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

CatchInterrupt::CatchInterrupt() {
  static_assert(signals.size() == count);
  caught_at = 0;
  first_caught = SIGINT;
  for (std::size_t i = 0; i < count; ++i) {
    const int signal = signals[i];
    previous_[i] = std::signal(signal, ask_for_end);
    // nohup: the program is to outlive its terminal.
    if (signal == SIGHUP && previous_[i] == SIG_IGN) std::signal(signal, SIG_IGN);
  }
}

CatchInterrupt::~CatchInterrupt() {
  for (std::size_t i = 0; i < count; ++i) std::signal(signals[i], previous_[i]);
}

bool CatchInterrupt::caught() {
  return caught_at != 0;
}

int CatchInterrupt::exit_code() {
  return 128 + first_caught;
}

}  // namespace anneal::apps
