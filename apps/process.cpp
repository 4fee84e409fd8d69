#include "apps/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace anneal::apps {

void prepare_process() {
  int descriptor = 0;  // the lowest that is free
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  while ((descriptor = ::open("/dev/null", O_RDWR)) >= 0 && descriptor <= STDERR_FILENO) continue;
  if (descriptor > STDERR_FILENO) ::close(descriptor);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace anneal::apps
