#include "apps/interrupt.h"

#include <atomic>
#include <csignal>
#include <ctime>

namespace anneal::apps {
namespace {

std::atomic<std::time_t> caught_at = 0;  ///< 0: not yet
static_assert(std::atomic<std::time_t>::is_always_lock_free, "a signal handler sets it");

}  // namespace

CatchInterrupt::CatchInterrupt() {
  caught_at = 0;
  previous_ = std::signal(SIGINT, [](int) {
    const std::time_t now = std::time(nullptr);
    if (caught_at == 0) caught_at = now;
    if (now - caught_at < 2) return;
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  });
}

CatchInterrupt::~CatchInterrupt() {
  std::signal(SIGINT, previous_);
}

bool CatchInterrupt::caught() {
  return caught_at != 0;
}

}  // namespace anneal::apps
