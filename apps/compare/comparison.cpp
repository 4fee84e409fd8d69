#include "apps/compare/comparison.h"

#include <algorithm>

#include "apps/compare/contest.h"
#include "apps/fail.h"

namespace anneal::apps {
namespace {

template <class JobsOf>
Jobs of_all(const std::vector<Contest>& contests, const JobsOf& jobs_of) {
  Jobs all;
  for (const Contest& contest : contests)
    std::ranges::copy(jobs_of(contest), std::back_inserter(all));
  return all;
}

}  // namespace

void check(const Comparison& c) {
  const auto need = [](bool fine, const std::string& what) {
    if (!fine) fail(Fault::argument, "compare: " + what);
  };
  need(!c.entrants.empty(), "there is no schedule");
  need(c.baseline < c.entrants.size(), "the baseline must be one of the schedules");
  for (const Entrant& e : c.entrants) {
    need(!e.peaks.empty() && e.peaks.front() > 0.0, "the peaks must be above 0");
    need(std::ranges::is_sorted(e.peaks, std::ranges::less_equal{}), "the peaks must rise");
    need(e.peaks.size() == 1 || !c.tuning_seeds.empty(), "tuning needs a seed");
    need(e.variants.empty() || e.peaks.size() > 1,
         "'" + e.name + "' leaves a constant open, so its peak must be open, too");
    need(std::ranges::count(c.entrants, e.name, &Entrant::name) == 1,
         "'" + e.name + "' is named twice");
  }
  need(!c.fresh_seeds.empty(), "deciding needs a seed");
  for (const std::uint64_t seed : c.fresh_seeds)
    need(std::ranges::find(c.tuning_seeds, seed) == c.tuning_seeds.end(),
         "a seed that tuned cannot decide");
}

std::int64_t Contestant::diverged() const {
  return std::ranges::count_if(losses, [](double loss) { return !std::isfinite(loss); });
}

TrainingOptions trial_of(const Comparison& comparison, const Entrant& entrant, double peak,
                         std::uint64_t seed) {
  TrainingOptions options = comparison.training;
  options.schedule = entrant.schedule;
  options.optimizer = entrant.optimizer;
  options.optimizer.lr = peak;
  options.evaluations = comparison.evaluations;
  options.seed = seed;
  options.threads = 1;
  return options;
}

CompareResult compare(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
                      const TrialStore& store, const Crew& crew, const CompareEvents& events) {
  std::ranges::for_each(comparisons, check);
  datasets::TrainAndTest without_test = data;
  without_test.test.bytes.clear();
  without_test.test.numbers.clear();
  without_test.test.labels.clear();
  Work tuning(without_test, store, crew, events);
  Work deciding(data, store, crew, events);
  std::vector<Contest> contests;
  for (std::size_t i = 0; i < comparisons.size(); ++i)
    contests.emplace_back(comparisons[i], i, without_test);

  const auto run = [&](const char* phase, Work& work, const Jobs& jobs) {
    CompareResult result;
    if (!work.run(phase, jobs))
      result.end = CompareEnd::interrupted;
    else if (crew.shards > 1)
      result.missing = work.missing(jobs);
    if (result.missing > 0) result.end = CompareEnd::waiting;
    return result;
  };
  const char* phase = "tuning";
  for (Round round = Round::grid; round != Round::none;) {
    const Jobs jobs = of_all(contests, [&](const Contest& c) { return c.tuning(tuning); });
    CompareResult result = run(phase, tuning, jobs);
    if (result.end != CompareEnd::complete) return result;
    round = Round::none;
    for (Contest& contest : contests) round = std::max(round, contest.choose(tuning));
    phase = round == Round::grid ? "tuning on a grid that grew" : "refining the peaks";
  }
  CompareResult result =
      run("deciding", deciding,
          of_all(contests, [&](const Contest& c) { return c.deciding(deciding); }));
  if (result.end == CompareEnd::complete)
    for (Contest& contest : contests) result.contestants.push_back(contest.decided(deciding));
  return result;
}

}  // namespace anneal::apps
