#include "apps/compare/work.h"

#include <algorithm>
#include <atomic>

#include "apps/compare/figures.h"
#include "apps/compare/workers.h"

namespace anneal::apps {

const Job& Work::job(const TrialName& name, const TrainingOptions& options) {
  const auto found = jobs_.find(name);
  if (found != jobs_.end()) return found->second;
  Trial trial = make_trial(options, data_, digest_);
  const TrainingPlan& p = trial.plan;
  const std::int64_t examples = p.training_examples * std::ssize(p.batch_sizes);
  const auto cost = static_cast<double>(examples * p.parameters);
  return jobs_.emplace(name, Job{name, std::move(trial), cost}).first->second;
}

bool Work::run(const char* phase, Jobs jobs) {
  std::ranges::stable_sort(jobs, std::greater{}, &Job::cost);
  if (events_.begun) events_.begun(phase, std::ssize(jobs));
  crew_.ranks.begin();
  std::atomic<bool> stopped = false;
  on_workers(crew_.workers, [&](int worker) {
    try {
      std::size_t i = 0;
      while (!stopped && !leaves() && (i = crew_.ranks.take()) < jobs.size()) {
        const auto part = static_cast<int>(i) % crew_.shards + 1;
        if (part == crew_.shard && !compute(*jobs[i], worker)) stopped = true;
      }
    } catch (...) {
      stopped = true;
      throw;
    }
  });
  return !leaves() && crew_.ranks.wait(!stopped);
}

std::int64_t Work::missing(const Jobs& jobs) const {
  return std::ranges::count_if(jobs, [&](const Job* j) { return !store_.find(j->trial).log; });
}

RunLog Work::result(const Job& job) const {
  TrialStore::Kept kept = store_.find(job.trial);
  if (kept.log) return std::move(*kept.log);
  store_.run(job.trial, data_);
  return store_.read(job.trial);
}

bool Work::compute(const Job& job, int worker) {
  const TrialName& name = job.name;
  const Trial& trial = job.trial;
  TrialStore::Kept kept = store_.find(trial);
  const bool computed = !kept.log;
  if (computed) {
    tell([&] {
      if (events_.noted && !kept.fault.empty()) events_.noted(kept.fault + "; computed anew");
      if (events_.started) events_.started(worker, name, trial.plan.total_steps);
    });
    const auto stop = [&] {
      crew_.ranks.attend();
      return events_.stop && events_.stop(worker);
    };
    if (!store_.run(trial, data_, stop)) return false;
    kept.log = store_.read(trial);
  }
  tell([&] {
    if (kept.log->result) seconds_ += kept.log->result->seconds;
    const Ranks::Progress all = crew_.ranks.done(computed);
    if (events_.finished) events_.finished(worker, name, final_loss(*kept.log), all);
  });
  return true;
}

void Work::tell(const std::function<void()>& event) {
  const std::lock_guard lock(guard_);
  event();
}

}  // namespace anneal::apps
