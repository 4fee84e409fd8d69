#include "apps/compare/comparison.h"

#include <algorithm>

#include "apps/compare/course.h"
#include "apps/fail.h"

namespace anneal::apps {
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
  Course course(comparisons, data, store, crew, events);
  CompareResult result;
  do {
    const Jobs jobs = course.jobs();
    if (!course.work().run(course.phase(), jobs))
      result.end = CompareEnd::interrupted;
    else if (crew.shards > 1)
      result.missing = course.work().missing(jobs);
    if (result.missing > 0) result.end = CompareEnd::waiting;
    if (result.end != CompareEnd::complete) return result;
  } while (course.next());
  result.seconds = course.seconds();
  result.contestants = course.contestants();
  return result;
}

}  // namespace anneal::apps
