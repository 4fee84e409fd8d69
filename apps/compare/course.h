#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/compare/contest.h"

namespace anneal::apps {

/// The way of several comparisons on one set of data: phases, one after another, each of trials
/// that may run at once and in any order. What a phase is follows from the results of those before.
class Course {
 public:
  Course(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
         const TrialStore& store, const Crew& crew, const CompareEvents& events);

  const char* phase() const { return phase_; }  ///< "tuning", ..., "deciding"
  Work& work();                                 ///< of this phase
  Jobs jobs();                                  ///< its trials
  /// Goes on to the next phase, once all trials of this one are there; false after the last.
  bool next();
  double seconds() const { return tuning_.seconds() + deciding_.seconds(); }  ///< of one thread
  /// What came of it, after the last.
  std::vector<std::vector<Contestant>> contestants();

 private:
  datasets::TrainAndTest without_test_;  // while it tunes it has no test set
  Work tuning_;
  Work deciding_;
  std::vector<Contest> contests_;
  const char* phase_ = "tuning";
  bool decides_ = false;
};

/// A phase of which the store lacks trials.
struct Phase {
  std::string name = {};
  std::int64_t trials = 0;
  std::vector<std::string> missing = {};  ///< their keys, the longest trial first
  double missing_cost = 0.0;              ///< in multiply-adds, about
  double seconds_per_cost = 0.0;          ///< of the trials that are there; 0 if none is
};

/// The first such phase, none when nothing is missing. Computes nothing. Throws as compare() does.
std::optional<Phase> next_phase(std::span<const Comparison> comparisons,
                                const datasets::TrainAndTest& data, const TrialStore& store);

/// Computes one trial, if the store lacks it, of the phase that comes next or of one before; `key`
/// is the beginning of its key. False if it was stopped. Throws std::invalid_argument for one that
/// is none of theirs.
bool compute_one(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
                 const TrialStore& store, const std::string& key, const CompareEvents& events);

}  // namespace anneal::apps
