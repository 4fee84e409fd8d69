#include "apps/compare/course.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

datasets::TrainAndTest without_test(datasets::TrainAndTest data) {
  data.test.bytes.clear();
  data.test.numbers.clear();
  data.test.labels.clear();
  return data;
}

}  // namespace

Course::Course(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
               const TrialStore& store, const Crew& crew, const CompareEvents& events)
    : without_test_(without_test(data)),
      tuning_(without_test_, store, crew, events),
      deciding_(data, store, crew, events) {
  std::ranges::for_each(comparisons, check);
  for (std::size_t i = 0; i < comparisons.size(); ++i)
    contests_.emplace_back(comparisons[i], i, without_test_);
}

Work& Course::work() {
  return decides_ ? deciding_ : tuning_;
}

Jobs Course::jobs() {
  Jobs all;
  for (const Contest& contest : contests_)
    std::ranges::copy(decides_ ? contest.deciding(deciding_) : contest.tuning(tuning_),
                      std::back_inserter(all));
  return all;
}

bool Course::next() {
  if (decides_) return false;
  Round round = Round::none;
  for (Contest& contest : contests_) round = std::max(round, contest.choose(tuning_));
  decides_ = round == Round::none;
  phase_ = round == Round::none   ? "deciding"
           : round == Round::grid ? "tuning on a grid that grew"
                                  : "refining the peaks";
  return true;
}

std::vector<std::vector<Contestant>> Course::contestants() {
  std::vector<std::vector<Contestant>> all;
  for (Contest& contest : contests_) all.push_back(contest.decided(deciding_));
  return all;
}

std::optional<Phase> next_phase(std::span<const Comparison> comparisons,
                                const datasets::TrainAndTest& data, const TrialStore& store) {
  Ranks alone;
  const Crew crew{.ranks = alone};
  const CompareEvents nobody;
  Course course(comparisons, data, store, crew, nobody);
  do {
    Jobs jobs = course.jobs();
    std::ranges::stable_sort(jobs, std::greater{}, &Job::cost);
    Phase phase{.name = course.phase(), .trials = std::ssize(jobs)};
    double seconds = 0.0;
    double cost = 0.0;
    for (const Job* job : jobs) {
      const TrialStore::Kept kept = store.find(job->trial);
      if (!kept.log) {
        phase.missing.push_back(job->trial.key);
        phase.missing_cost += job->cost;
      } else if (kept.log->result) {
        seconds += kept.log->result->seconds;
        cost += job->cost;
      }
    }
    if (cost > 0.0) phase.seconds_per_cost = seconds / cost;
    if (!phase.missing.empty()) return phase;
  } while (course.next());
  return {};
}

bool compute_one(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
                 const TrialStore& store, const std::string& key, const CompareEvents& events) {
  Ranks alone;
  const Crew crew{.ranks = alone};
  Course course(comparisons, data, store, crew, events);
  do {
    const Jobs jobs = course.jobs();
    for (const Job* job : jobs)
      if (job->trial.key.starts_with(key)) return course.work().run(course.phase(), {job});
    if (course.work().missing(jobs) > 0)
      fail(
          Fault::argument,
          fmt::format("--trial {}: is none of the {} trials of '{}', which comes next, nor of what "
                      "was before; anneal plan lists those that are missing",
                      key, jobs.size(), course.phase()));
  } while (course.next());
  fail(Fault::argument, "--trial " + key + ": is none of the trials of this comparison");
}

}  // namespace anneal::apps
