#include "apps/view/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <random>
#include <string>
#include <system_error>
#include <utility>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_on(const fs::path& path, int error) {
  fail(Fault::world, fmt::format("{}: cannot be written: {}", path.string(),
                                 std::generic_category().message(error)));
}

/// An open file, closed at the end of the scope.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  /// Each is true, or leaves its reason in errno.
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t n = ::write(number_, text.data(), text.size());
      if (n < 0 && errno != EINTR) return false;
      if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  bool sync() const {
    // Some file systems cannot sync a folder, and say so by EINVAL.
    return ::fsync(number_) == 0 || errno == EINVAL || errno == EROFS;
  }
  /// On some file systems a write fails only here.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

constexpr std::string_view begin_of_name = ".anneal-";
constexpr std::string_view end_of_name = ".unfinished";

/// ".anneal-5f0c3a9e8d7b6a51.unfinished", another each time, on each machine.
std::string new_name() {
  std::random_device random;
  const std::uint64_t number = std::uint64_t{random()} << 32U | random();
  return fmt::format("{}{:016x}{}", begin_of_name, number, end_of_name);
}

/// Removes what others began in this folder and never finished. `written` was written just now: its
/// time is now as the file system counts, which may belong to another machine.
void remove_stale(const fs::path& folder, const fs::path& written) {
  constexpr std::chrono::hours old(1);
  std::error_code error;
  const auto now = fs::last_write_time(written, error);
  if (error) return;
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error)) {
    const std::string name = i->path().filename().string();
    if (!name.starts_with(begin_of_name) || !name.ends_with(end_of_name)) continue;
    std::error_code gone;
    const auto time = fs::last_write_time(i->path(), gone);
    if (!gone && now - time > old) fs::remove(i->path(), gone);
  }
}

/// False, with the reason in errno, when it cannot be made.
bool make(const fs::path& file, std::string_view text) {
  Descriptor out(file, O_WRONLY | O_CREAT | O_EXCL);
  return out.number() >= 0 && out.write(text) && out.sync() && out.close();
}

}  // namespace

void write_file(const fs::path& path, std::string_view text) {
  std::error_code unknown;  // then opening says why
  const fs::file_status there = fs::status(path, unknown);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    Descriptor out(path, O_WRONLY);
    if (out.number() < 0 || !out.write(text) || !out.close()) fail_on(path, errno);
    return;
  }
  fs::path target = fs::absolute(path);
  constexpr int most_links = 40;  // as the system has it
  for (int i = 0; i < most_links && fs::is_symlink(fs::symlink_status(target, unknown)); ++i)
    target = target.parent_path() / fs::read_symlink(target);

  const fs::path folder = target.parent_path();
  const fs::path beside = folder / new_name();
  if (!make(beside, text) || ::rename(beside.c_str(), target.c_str()) != 0) {
    const int reason = errno;
    ::unlink(beside.c_str());
    fail_on(path, reason);
  }
  const Descriptor names(folder, O_RDONLY | O_DIRECTORY);
  if (names.number() >= 0 && !names.sync()) fail_on(path, errno);
  remove_stale(folder, target);
}

}  // namespace anneal::apps
