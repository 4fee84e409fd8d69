#include "apps/run_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>

#include "apps/fail.h"
#include "apps/run_log_codec.h"
#include "apps/view/read_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t everything = std::numeric_limits<std::int64_t>::max();

// Puts the records of a log together, line by line.
class Reader {
 public:
  // Stops before whatever happened after `last_step` updates.
  Reader(const fs::path& file, std::int64_t last_step) : place_{file}, last_step_(last_step) {}

  // Takes one line; false when it lies beyond the last step wanted.
  bool take(std::string_view line) {
    ++place_.line;
    const codec::Json object = codec::parse(line, place_);
    const auto type_field = object.find("type");
    if (type_field == object.end()) place_.fail("'type' is missing");
    if (!type_field->is_string()) place_.wanted("type", "a string", *type_field);
    const auto type = type_field->get<std::string>();

    if ((type == "config") != (place_.line == 1)) {
      place_.fail("a log holds one record of type 'config', on its first line");
    }
    if (log_.result && last_step_ == everything) place_.fail("nothing may follow the result");
    if (type == "config") return take_config(object);
    if (type == "step") return take_step(codec::decode<StepRecord>(object, place_));
    if (type == "evaluation") {
      return take_evaluation(codec::decode<EvaluationRecord>(object, place_));
    }
    if (type == "result") {
      if (last_step_ != everything) return false;
      log_.result = codec::decode<RunResult>(object, place_);
      return true;
    }
    place_.fail(fmt::format(
        "type '{}' is not known; the types are config, step, evaluation and result", type));
  }

  RunLog& log() { return log_; }

 private:
  bool take_config(const codec::Json& object) {
    const auto version = object.find("version");
    if (version == object.end()) place_.fail("'version' is missing");
    if (*version != codec::format_version) {
      place_.fail(fmt::format("version {} of the log; this program reads version {}",
                              version->dump(), codec::format_version));
    }
    log_.config = codec::decode<RunConfig>(object, place_);
    return true;
  }

  bool take_step(const StepRecord& step) {
    if (step.step >= last_step_) return false;
    if (step.step < updates_done_) {
      place_.fail(fmt::format("update {} after {} updates were done", step.step, updates_done_));
    }
    if (step.step >= log_.config.total_steps) {
      place_.fail(
          fmt::format("update {} of a run of {} updates", step.step, log_.config.total_steps));
    }
    if (!std::isfinite(step.lr)) place_.fail("'lr' is not finite");
    updates_done_ = step.step + 1;
    log_.steps.push_back(step);
    return true;
  }

  bool take_evaluation(const EvaluationRecord& evaluation) {
    if (evaluation.step > last_step_) return false;
    const bool again = !log_.evaluations.empty() && log_.evaluations.back().step == evaluation.step;
    if (evaluation.step < updates_done_ || again) {
      place_.fail(fmt::format(
          "an evaluation after {} updates {}", evaluation.step,
          again ? "for the second time" : fmt::format("when {} were done", updates_done_)));
    }
    if (evaluation.step > log_.config.total_steps) {
      place_.fail(fmt::format("an evaluation after {} updates of a run of {}", evaluation.step,
                              log_.config.total_steps));
    }
    updates_done_ = evaluation.step;
    log_.evaluations.push_back(evaluation);
    return true;
  }

  codec::Place place_;
  std::int64_t last_step_;
  std::int64_t updates_done_ = 0;
  RunLog log_;
};

struct Reading {
  RunLog log;
  std::size_t bytes = 0;  // of the file, that tell of no more than was asked for
};

[[noreturn]] void fail_on(std::string_view what, const fs::path& path, int error) {
  fail(Fault::world, fmt::format("cannot {} {}: {}", what, path.string(),
                                 std::generic_category().message(error)));
}

fs::path log_in(const fs::path& directory) {
  return directory / "run.jsonl";
}

Reading parse_until(std::string_view text, const fs::path& path, std::int64_t last_step) {
  Reader reader(path, last_step);
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    if (!reader.take(text.substr(begin, end - begin))) break;
  }
  if (begin == 0) {
    fail(Fault::world,
         fmt::format("{}: no whole line; a log begins with its configuration", path.string()));
  }
  reader.log().incomplete_last_line = text.back() != '\n';
  return {std::move(reader.log()), begin};
}

Reading read_until(const fs::path& path, std::int64_t last_step) {
  constexpr std::uint64_t longest = std::uint64_t{4} << 30U;  // bytes: fifty million updates
  return parse_until(read_file(path, longest), path, last_step);
}

int open_log(const fs::path& path) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor < 0) fail_on("write", path, errno);
  return descriptor;
}

}  // namespace

std::string to_json(const RunResult& result) {
  return codec::encode("", result);
}

std::string to_text(const RunLog& log) {
  std::string text = codec::encode("config", log.config) + '\n';
  auto evaluation = log.evaluations.begin();
  const auto evaluations_until = [&](std::int64_t step) {
    for (; evaluation != log.evaluations.end() && evaluation->step <= step; ++evaluation)
      text += codec::encode("evaluation", *evaluation) + '\n';
  };
  for (const StepRecord& step : log.steps) {
    evaluations_until(step.step);
    text += codec::encode("step", step) + '\n';
  }
  evaluations_until(everything);
  if (log.result) text += codec::encode("result", *log.result) + '\n';
  return text;
}

RunLog parse_run(std::string_view text, const fs::path& path) {
  return parse_until(text, path, everything).log;
}

RunLog read_run(const fs::path& path) {
  std::error_code unreadable;  // then reading says why
  return read_until(fs::is_directory(path, unreadable) ? log_in(path) : path, everything).log;
}

RunLogWriter::RunLogWriter(const fs::path& directory) : path_(log_in(directory)) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) fail_on("make", directory, error.value());
  const fs::file_status there = fs::status(path_, error);
  if (fs::is_fifo(there) || fs::is_socket(there))  // which might wait for ever
    fail(Fault::world, path_.string() + ": is no regular file; give another directory");
  descriptor_ = open_log(path_);
  // Of two processes that begin at the same moment, the lock is one's.
  const bool taken = ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  struct stat status = {};
  if (taken || (::fstat(descriptor_, &status) == 0 && status.st_size > 0)) {
    ::close(descriptor_);
    fail(Fault::world,
         fmt::format("{} already holds a run; give another directory", path_.string()));
  }
}

RunLogWriter::RunLogWriter(fs::path path, int descriptor)
    : path_(std::move(path)), descriptor_(descriptor) {}

RunLogWriter RunLogWriter::resume(const fs::path& directory, std::int64_t step) {
  fs::path path = log_in(directory);
  const Reading kept = read_until(path, step);
  std::error_code error;
  fs::resize_file(path, kept.bytes, error);
  if (error) fail_on("write", path, error.value());
  const int descriptor = open_log(path);
  return {std::move(path), descriptor};
}

RunLogWriter::RunLogWriter(RunLogWriter&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

RunLogWriter& RunLogWriter::operator=(RunLogWriter&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

RunLogWriter::~RunLogWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RunLogWriter::write(const RunConfig& config) {
  append(codec::encode("config", config));
}
void RunLogWriter::write(const StepRecord& step) {
  append(codec::encode("step", step));
}
void RunLogWriter::write(const EvaluationRecord& evaluation) {
  append(codec::encode("evaluation", evaluation));
}
void RunLogWriter::write(const RunResult& result) {
  append(codec::encode("result", result));
}

void RunLogWriter::append(const std::string& line) {
  if (descriptor_ < 0) return;
  const std::string bytes = line + '\n';
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t n = ::write(descriptor_, bytes.data() + written, bytes.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const int error = errno;
      ::close(std::exchange(descriptor_, -1));
      fail_on("write", path_, error);
    }
    written += static_cast<std::size_t>(n);
  }
}

}  // namespace anneal::apps
