#pragma once
#include <map>
#include <mutex>

#include "apps/compare/comparison.h"

namespace anneal::apps {

/// A trial of a comparison.
struct Job {
  TrialName name;
  Trial trial;
  double cost;  ///< in multiply-adds, about
};
using Jobs = std::vector<const Job*>;

/// The trials of all comparisons on one set of data, and the crew that computes them.
class Work {
 public:
  Work(const datasets::TrainAndTest& data, const TrialStore& store, const Crew& crew,
       const CompareEvents& events)
      : data_(data), store_(store), crew_(crew), events_(events) {}

  /// Made when it is first asked for.
  const Job& job(const TrialName& name, const TrainingOptions& options);

  /// Computes what is missing of this crew's part, the longest first; false if it was stopped.
  bool run(const char* phase, Jobs jobs);

  /// What the trials that run() has seen took when they were computed, by whoever it was: in
  /// seconds of one thread.
  double seconds() const { return seconds_; }

  /// How many of them the store lacks.
  std::int64_t missing(const Jobs& jobs) const;

  /// Of a trial that another process has computed, and that its file system has not brought here
  /// yet, too.
  RunLog result(const Job& job) const;

 private:
  bool leaves() const { return events_.leave && events_.leave(); }
  bool compute(const Job& job, int worker);
  void tell(const std::function<void()>& event);

  const datasets::TrainAndTest& data_;
  std::string digest_ = digest_of(data_);
  const TrialStore& store_;
  const Crew& crew_;
  const CompareEvents& events_;
  std::mutex guard_;
  double seconds_ = 0.0;
  std::map<TrialName, Job> jobs_;
};

}  // namespace anneal::apps
