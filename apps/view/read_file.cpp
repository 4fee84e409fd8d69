#include "apps/view/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  fail(Fault::world, fmt::format("{}: cannot be read: {}", path.string(), reason));
}
[[noreturn]] void fail_with(const std::filesystem::path& path, int error) {
  refuse(path, std::generic_category().message(error));
}

struct OpenFile {
  int number;
  ~OpenFile() {
    if (number >= 0) ::close(number);
  }
};

/// The first `most` bytes; `check` gets the file's size before any of them is read.
template <class Check>
std::string read(const std::filesystem::path& path, std::uint64_t most, const Check& check) {
  // Without O_NONBLOCK, opening a pipe waits for somebody who writes.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  const OpenFile file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
  struct stat status = {};
  if (file.number < 0 || ::fstat(file.number, &status) != 0) fail_with(path, errno);
  if (S_ISDIR(status.st_mode)) fail_with(path, EISDIR);
  if (!S_ISREG(status.st_mode)) refuse(path, "not a regular file");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  check(size);

  // Somebody may be writing to it: what was there when it was opened, and no more.
  std::string text(std::min(size, most), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t n = ::read(file.number, text.data() + filled, text.size() - filled);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail_with(path, errno);
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  text.resize(filled);
  return text;
}

}  // namespace

std::string read_file(const std::filesystem::path& path, std::uint64_t limit) {
  return read(path, limit, [&](std::uint64_t size) {
    if (size > limit)
      refuse(path, fmt::format("{} bytes, where at most {} are wanted", size, limit));
  });
}

std::string read_start(const std::filesystem::path& path, std::uint64_t most) {
  return read(path, most, [](std::uint64_t /*size*/) {});
}

}  // namespace anneal::apps
