#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/compare/trials.h"

namespace anneal::apps {

/// A folder with a folder for each trial that has been computed, KEY/run.jsonl: the log of the run,
/// with its SHA-256 in the last line. A log appears there whole or not at all, by renaming, so
/// processes may share a store, also from different machines, and be killed at any moment; copying
/// the trials of one store into another merges them.
class TrialStore {
 public:
  /// Makes the folder when there is none. Throws std::runtime_error when it cannot.
  explicit TrialStore(std::filesystem::path folder);

  /// A trial as it is kept here. Without a log it has yet to be computed; then `fault` says, with
  /// the file's name, why what is kept cannot be used, or is empty because there is nothing.
  struct Kept {
    std::optional<RunLog> log = {};
    std::string fault = {};
    bool finished = true;  ///< false: the fault is that it has no result
  };
  /// Checks that the log is the one that was written, that of the trial with this key, and makes
  /// sense.
  Kept find(const std::string& key) const;
  /// And that it was evaluated when this trial is.
  Kept find(const Trial& trial) const;
  /// Throws std::runtime_error with the fault when there is no log.
  RunLog read(const Trial& trial) const;

  struct Merged {
    std::int64_t taken = 0;
    std::vector<std::string> unfinished = {};  ///< left out: their faults
  };
  /// Takes over the trials of another store that this one lacks. Throws std::runtime_error, naming
  /// the file, for a log that has a result and cannot be used, and for one that says something else
  /// than the one here.
  Merged merge(const std::filesystem::path& other) const;

  /// Computes a trial in this thread, by itself, and keeps it. The log has the first update, for
  /// the start that trials of a seed have in common, and every evaluation. False if `stop` ended it
  /// early: then nothing is kept.
  bool run(const Trial& trial, const datasets::TrainAndTest& data,
           const std::function<bool()>& stop = {}) const;

 private:
  std::filesystem::path file_of(const std::string& key) const;
  void keep(const std::string& key, const std::string& text) const;

  std::filesystem::path folder_;
};

}  // namespace anneal::apps
