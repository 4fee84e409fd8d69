#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/run_log.h"
#include "apps/training.h"

/// The training runs of a comparison: each is known by what decides its bits, is computed once, and
/// is kept as the log of a run.
namespace anneal::apps {

/// A training run that is ready to start, in one thread.
struct Trial {
  TrainingOptions options;
  TrainingPlan plan;
  /// All that decides what it computes, by the names that `anneal train` has for its options. The
  /// schedule is written as it was understood: two ways of writing one schedule are one trial.
  Fields description;
  std::string key;
};

/// The SHA-256 of all examples and labels, wherever they were found.
std::string digest_of(const datasets::TrainAndTest& data);

/// `digest` is that of the data. Throws as plan() does.
Trial make_trial(TrainingOptions options, const datasets::TrainAndTest& data,
                 const std::string& digest);

/// 64 hexadecimal digits: the SHA-256 of a description, and of the version of the arithmetic.
std::string key_of(const Fields& description);

/// A folder with a folder for each trial that has been computed, KEY/run.jsonl. A trial appears
/// there whole or not at all, by renaming, so processes may share a store and be killed at any
/// moment; copying the trials of one store into another merges them.
class TrialStore {
 public:
  /// Makes the folder when there is none. Throws std::runtime_error when it cannot.
  explicit TrialStore(std::filesystem::path folder);

  bool has(const std::string& key) const;
  /// Throws std::runtime_error, naming file and line, for a record that is damaged.
  RunLog read(const std::string& key) const;

  /// Takes over the trials of another store that this one lacks; how many. Throws
  /// std::runtime_error, naming the file, for a record that is damaged or that is kept under the
  /// wrong name, and for one that says something else than the record here.
  std::int64_t merge(const std::filesystem::path& other) const;

  /// Computes a trial in this thread, by itself, and keeps it. The log has the first update, for
  /// the start that trials of a seed have in common, and every evaluation. False if `stop` ended it
  /// early: then nothing is kept.
  bool run(const Trial& trial, const datasets::TrainAndTest& data,
           const std::function<bool()>& stop = {}) const;

 private:
  std::filesystem::path folder_;
};

/// Calls work(worker) on `workers` threads, 0 ... workers - 1, each with one thread for OpenMP;
/// when all are back, throws the first exception of theirs.
void on_workers(int workers, const std::function<void(int)>& work);

/// Calls work(0) ... work(count - 1), each once, on `workers` threads, which take the next index
/// when they are done with the last. After the first exception no more are begun, and it is thrown.
void in_parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work);

}  // namespace anneal::apps
