#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace anneal::apps {

/// The value of an option: what JSON calls a boolean, a number or a string.
using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string>;

/// Names and values in the order in which they are shown. A name may stand there several times, as
/// an option does that may be given several times: a log has the list of its values.
using Fields = std::vector<std::pair<std::string, Value>>;

/// One stage of the schedule: the updates [begin, end).
struct Stage {
  std::string text = {};
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const Stage&) const = default;
};

/// What was asked for: the first line of a log.
struct RunConfig {
  std::string program = {};  ///< name and version
  std::string command = {};  ///< the command line that starts the same run again
  std::string started = {};  ///< UTC, as 2026-11-23T20:00:00Z
  Fields options = {};
  Fields dataset = {};
  std::string model = {};
  std::int64_t parameters = 0;
  std::string schedule = {};
  std::vector<Stage> stages = {};
  std::int64_t steps_per_epoch = 0;
  std::int64_t total_steps = 0;
  bool operator==(const RunConfig&) const = default;
};

/// One update: its 0-based index, the learning rate it used, the minibatch loss before it.
struct StepRecord {
  std::int64_t step = 0;
  double lr = 0.0;
  double loss = 0.0;
  bool operator==(const StepRecord&) const = default;
};

/// Losses and accuracy (a fraction) after `step` updates.
struct EvaluationRecord {
  std::int64_t step = 0;
  double train_loss = 0.0;
  double validation_loss = 0.0;
  double validation_accuracy = 0.0;
  bool operator==(const EvaluationRecord&) const = default;
};

enum class Stopped { finished, interrupted, diverged };

/// What a log calls them.
inline constexpr std::array<std::string_view, 3> stopped_words = {"finished", "interrupted",
                                                                  "diverged"};

/// What came of it: the last line of a log, and what `anneal train --json` prints.
struct RunResult {
  std::string dataset = {};
  std::string schedule = {};
  std::string optimizer = {};
  std::uint64_t seed = 0;
  std::int64_t threads = 1;
  std::int64_t steps = 0;  ///< updates done
  double samples_per_s = 0.0;
  double train_loss = 0.0;
  double test_loss = 0.0;
  double test_accuracy = 0.0;  ///< a fraction
  double peak_rss_mb = 0.0;
  bool diverged = false;
  Stopped stopped = Stopped::finished;
  double seconds = 0.0;           ///< from the first update to the end of the evaluation
  double training_seconds = 0.0;  ///< of the updates alone: batches, passes and optimizer
  bool operator==(const RunResult&) const = default;
};

/// A run as its log tells it.
struct RunLog {
  RunConfig config = {};
  std::vector<StepRecord> steps = {};
  std::vector<EvaluationRecord> evaluations = {};
  std::optional<RunResult> result = {};  ///< absent while the run goes on, or when it was killed
  bool incomplete_last_line = false;     ///< the last line was cut short and left out
};

/// The result as one line of JSON, without a newline.
std::string to_json(const RunResult& result);

/// A whole log as a RunLogWriter writes it.
std::string to_text(const RunLog& log);

/// Reads the text of a log; `path` is named in errors. Throws as read_run() does.
RunLog parse_run(std::string_view text, const std::filesystem::path& path);

/// Reads a log: the file, or `run.jsonl` in the directory, that `path` names. Numbers that JSON
/// lacks are the strings "nan", "inf" and "-inf"; fields it does not know are passed over.
/// Throws std::runtime_error, naming file and line, for anything a RunLogWriter does not write,
/// except a last line without its newline; and for what is not a regular file.
RunLog read_run(const std::filesystem::path& path);

/// Appends to `run.jsonl` in a directory, one line and one system call a record: a process killed
/// at any moment leaves whole lines and at most part of a last one.
class RunLogWriter {
 public:
  /// Starts a log, making the directory when there is none. Throws std::runtime_error when the
  /// directory cannot be written to or already holds a log, be it another process's of this moment.
  explicit RunLogWriter(const std::filesystem::path& directory);

  /// Goes on with the log in a directory from the moment when `step` updates were done: whatever
  /// it says of later ones, and its result, is dropped. Throws as read_run() does.
  static RunLogWriter resume(const std::filesystem::path& directory, std::int64_t step);

  RunLogWriter(RunLogWriter&& other) noexcept;
  RunLogWriter& operator=(RunLogWriter&& other) noexcept;
  RunLogWriter(const RunLogWriter&) = delete;
  RunLogWriter& operator=(const RunLogWriter&) = delete;
  ~RunLogWriter();

  /// Each throws std::runtime_error with file and reason when the line cannot be written. That is
  /// said once: from then on the writer keeps quiet and writes nothing.
  void write(const RunConfig& config);
  void write(const StepRecord& step);
  void write(const EvaluationRecord& evaluation);
  void write(const RunResult& result);

  const std::filesystem::path& path() const { return path_; }

 private:
  RunLogWriter(std::filesystem::path path, int descriptor);
  void append(const std::string& line);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace anneal::apps
