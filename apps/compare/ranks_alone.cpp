// Without MPI there is one process.
#include <atomic>

#include "apps/compare/ranks.h"

namespace anneal::apps {

struct Ranks::State {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> computed = 0;
};

Ranks::Ranks() : state_(std::make_unique<State>()) {}
Ranks::~Ranks() = default;

void Ranks::begin() {
  state_->next = 0;
  state_->done = state_->computed = 0;
}
std::size_t Ranks::take() {
  return state_->next++;
}
Ranks::Progress Ranks::done(bool computed) {
  if (computed) ++state_->computed;
  return {.done = ++state_->done, .computed = state_->computed};
}
bool Ranks::wait(bool fine) {
  return fine;
}
void Ranks::attend() {}

}  // namespace anneal::apps
