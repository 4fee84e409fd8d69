#include "apps/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "apps/compare/figures.h"
#include "apps/compare/peak_search.h"
#include "apps/compare/statistics.h"
#include "apps/compare/work.h"
#include "apps/fail.h"

namespace anneal::apps {
namespace {

bool watches_losses(const TrainingPlan& p) {
  const auto watches = [](const auto& part) { return part.schedule.watches_losses(); };
  return p.schedule.watches_losses() || std::ranges::any_of(p.lr_groups, watches) ||
         std::ranges::any_of(p.followed, watches);
}

TrainingPlan plan_of(const Comparison& c, const Entrant& e, double peak,
                     const datasets::TrainAndTest& data) {
  return plan(trial_of(c, e, peak, c.fresh_seeds[0]), data);
}

/// The greatest rate of a schedule that says itself what its rates are, whatever the peak, as
/// another system's with a max_lr does.
std::optional<double> absolute_rate(const Comparison& c, const Entrant& e, const TrainingPlan& p,
                                    const datasets::TrainAndTest& data) {
  if (e.peaks.size() == 1) return {};
  if (p.schedule.text() == plan_of(c, e, e.peaks[1], data).schedule.text()) return {};
  double greatest = 0.0;
  for (std::int64_t step = 0; step < p.total_steps; ++step)
    greatest =
        std::max(greatest, p.schedule(sched::Clock::at(step, p.total_steps, p.steps_per_epoch)));
  return e.peaks[0] * greatest;
}

/// What the next trials are for.
enum class Round { none, refining, grid };

/// Paired means: all trials of a seed began with the same weights and the same batch.
class SameStart {
 public:
  void check(std::uint64_t seed, const RunLog& log) {
    const double loss = log.steps.at(0).loss;
    if (first_.emplace(seed, loss).first->second != loss)
      throw std::logic_error("compare: two trials of seed " + std::to_string(seed) +
                             " did not start alike");
  }

 private:
  std::map<std::uint64_t, double> first_;
};

/// One comparison on its way: what is known of its contestants.
class Contest {
 public:
  Contest(const Comparison& c, std::size_t index, const datasets::TrainAndTest& data)
      : c_(c), index_(index), grown_(c.entrants.size()) {
    const SearchRule rule{.seeds = c.tuning_seeds.size(), .refinements = c.refinements};
    for (const Entrant& e : c.entrants) {
      contestants_.push_back({.entrant = e});
      const TrainingPlan p = plan_of(c, e, e.peaks[0], data);
      if (const auto rate = absolute_rate(c, e, p, data))
        contestants_.back().entrant.peaks = {*rate};
      watches_.push_back(watches_losses(p));
      const std::vector<double>& peaks = contestants_.back().entrant.peaks;
      searches_.push_back(peaks.size() > 1 ? std::optional(PeakSearch(peaks, rule)) : std::nullopt);
    }
  }

  /// The trials of this round that are still to be looked at.
  Jobs tuning(Work& work) const {
    Jobs jobs;
    for (std::size_t e = 0; e < contestants_.size(); ++e)
      if (searches_[e])
        for (const PeakSearch::Wanted& w : searches_[e]->wanted())
          jobs.push_back(&tuning_job(work, e, w));
    return jobs;
  }

  Jobs deciding(Work& work) const {
    Jobs jobs;
    for (std::size_t e = 0; e < contestants_.size(); ++e)
      for (const std::uint64_t seed : c_.fresh_seeds)
        jobs.push_back(
            &work.job({index_, e, contestants_[e].peak(), seed},
                      trial_of(c_, contestants_[e].entrant, contestants_[e].peak(), seed)));
    return jobs;
  }

  /// Looks at the trials of this round, and plans the next.
  Round choose(Work& work) {
    for (std::size_t e = 0; e < contestants_.size(); ++e) {
      if (!searches_[e]) continue;
      for (const PeakSearch::Wanted& w : searches_[e]->wanted()) {
        const RunLog log = work.result(tuning_job(work, e, w));
        start_.check(c_.tuning_seeds[w.seed], log);
        searches_[e]->add(w, final_loss(log));
      }
    }
    if (!grid_is_done_) {
      if (grow()) return Round::grid;
      grid_is_done_ = true;
    }
    bool more = false;
    for (auto& search : searches_) more |= search && search->next();
    if (!more) take_over();
    return more ? Round::refining : Round::none;
  }

  std::vector<Contestant> decided(Work& work) {
    for (const Job* job : deciding(work)) {
      Contestant& one = contestants_[job->name.entrant];
      RunLog log = work.result(*job);
      start_.check(job->name.seed, log);
      one.canonical = log.config.schedule;
      one.losses.push_back(final_loss(log));
      one.accuracies.push_back(log.result->test_accuracy);
      one.runs.push_back(std::move(log));
    }
    return std::move(contestants_);
  }

 private:
  /// Evaluations change nothing but what is known, unless a schedule watches them.
  const Job& tuning_job(Work& work, std::size_t e, const PeakSearch::Wanted& w) const {
    const std::uint64_t seed = c_.tuning_seeds[w.seed];
    TrainingOptions options = trial_of(c_, contestants_[e].entrant, w.rate, seed);
    if (!watches_[e]) options.evaluations = 1;
    return work.job({index_, e, w.rate, seed}, options);
  }

  /// All who share a grid get the peaks that one of them needs: the same number of trials for each.
  bool grow() {
    struct Ends {
      bool low = false;
      bool high = false;
    };
    std::map<std::vector<double>, Ends> wanted;
    for (const auto& search : searches_)
      if (search) {
        Ends& ends = wanted[search->grid()];
        ends.low |= search->best() == 0;
        ends.high |= search->best() + 1 == search->grid().size();
      }
    bool grew = false;
    for (std::size_t e = 0; e < contestants_.size(); ++e) {
      if (!searches_[e]) continue;
      const Ends ends = wanted[searches_[e]->grid()];
      if (ends.low && grown_[e].first < c_.growth) {
        searches_[e]->grow_below();
        ++grown_[e].first;
        grew = true;
      }
      if (ends.high && grown_[e].second < c_.growth) {
        searches_[e]->grow_above();
        ++grown_[e].second;
        grew = true;
      }
    }
    return grew;
  }

  /// What the searches found.
  void take_over() {
    for (std::size_t e = 0; e < contestants_.size(); ++e) {
      if (!searches_[e]) continue;
      const PeakSearch& search = *searches_[e];
      Contestant& one = contestants_[e];
      one.grid = search.grid();
      one.entrant.peaks.clear();
      one.tuning.clear();
      for (const TriedPeak& p : search.peaks()) {
        one.entrant.peaks.push_back(p.rate);
        one.tuning.push_back(p.losses);
      }
      one.tuning_losses = paired_means(search.peaks());
      one.best = search.best();
      one.cost = search.cost();
      one.rival = search.rival();
    }
  }

  const Comparison& c_;
  std::size_t index_;
  std::vector<Contestant> contestants_;
  std::vector<bool> watches_;
  std::vector<std::optional<PeakSearch>> searches_;  // none for those at a given rate
  std::vector<std::pair<int, int>> grown_;           // by so many peaks: below, above
  bool grid_is_done_ = false;
  SameStart start_;
};

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
    need(std::ranges::count(c.entrants, e.name, &Entrant::name) == 1,
         "'" + e.name + "' is named twice");
  }
  need(!c.fresh_seeds.empty(), "deciding needs a seed");
  for (const std::uint64_t seed : c.fresh_seeds)
    need(std::ranges::find(c.tuning_seeds, seed) == c.tuning_seeds.end(),
         "a seed that tuned cannot decide");
}

std::int64_t Contestant::tuning_trials() const {
  std::int64_t trials = 0;
  for (const std::vector<double>& at_a_peak : tuning) trials += std::ssize(at_a_peak);
  return trials;
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
