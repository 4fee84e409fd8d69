#include "apps/brief_waits.h"

#include <unistd.h>

#include <cstdlib>

namespace anneal::apps {

// NOLINTBEGIN(concurrency-mt-unsafe): there is one thread yet
void wait_briefly(char** argv) {
  constexpr const char* begun_again = "ANNEAL_BEGUN_AGAIN";
  constexpr const char* spins = "GOMP_SPINCOUNT";
  if (std::getenv(begun_again) != nullptr) {  // what this starts, PyTorch too, waits as it likes
    unsetenv(begun_again);
    unsetenv(spins);
    return;
  }
  if (std::getenv(spins) != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  if (std::getenv("LD_PRELOAD") != nullptr) return;  // a tool, valgrind say, would lose sight of it
  setenv(begun_again, "1", 1);
  setenv(spins, "1000", 1);
  execv("/proc/self/exe", argv);
  unsetenv(begun_again);  // where there is no /proc, it goes on as it is: slower, not wrong
  unsetenv(spins);
}
// NOLINTEND(concurrency-mt-unsafe)

}  // namespace anneal::apps
