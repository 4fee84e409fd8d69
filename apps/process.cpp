#include "apps/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

namespace anneal::apps {

bool prepare_process() {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  const bool closed = ::fcntl(STDOUT_FILENO, F_GETFD) < 0;
  int descriptor = 0;  // the lowest that is free
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  while ((descriptor = ::open("/dev/null", O_RDONLY)) >= 0 && descriptor <= STDERR_FILENO) continue;
  if (descriptor > STDERR_FILENO) ::close(descriptor);
  std::signal(SIGXFSZ, SIG_IGN);
  return closed;
}

}  // namespace anneal::apps
