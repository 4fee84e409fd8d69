#include "apps/bench/exchange.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace anneal::apps {
namespace {

std::vector<int> allowed_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(0, sizeof set, &set);
  std::vector<int> all;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) all.push_back(core);
  return all;
}

/// The calling thread stays on a core from now on.
void stay_on(int core) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(core, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

std::optional<double> exchange_seconds() {
  using Clock = std::chrono::steady_clock;
  const std::vector<int> cores = allowed_cores();
  if (cores.size() < 2) return {};
  constexpr int tries = 5;  // the least counts: the others were disturbed
  constexpr int exchanges = 1000;
  constexpr int turns = 2 * exchanges;
  alignas(64) std::atomic<int> line = 0;
  // Even turns are the one's, odd ones the other's.
  const auto take_turns = [&](int first, int end) {
    for (int turn = first; turn < end; turn += 2) {
      while (line.load(std::memory_order_acquire) != turn) {
      }
      line.store(turn + 1, std::memory_order_release);
    }
  };
  const std::jthread other([&] {
    stay_on(cores[1]);
    take_turns(1, tries * turns);
  });
  Clock::duration least = Clock::duration::max();
  std::jthread([&] {  // not on the calling thread, which may go where it likes
    stay_on(cores[0]);
    for (int i = 0; i < tries; ++i) {
      const auto begun = Clock::now();
      take_turns(i * turns, (i + 1) * turns);
      least = std::min(least, Clock::now() - begun);
    }
  })
      .join();
  return std::chrono::duration<double>(least).count() / exchanges;
}

}  // namespace anneal::apps
