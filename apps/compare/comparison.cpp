#include "apps/compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>

#include "apps/compare/figures.h"
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
    for (const Entrant& e : c.entrants) {
      contestants_.push_back({.entrant = e});
      const TrainingPlan p = plan_of(c, e, e.peaks[0], data);
      if (const auto rate = absolute_rate(c, e, p, data))
        contestants_.back().entrant.peaks = {*rate};
      watches_.push_back(watches_losses(p));
    }
  }

  Jobs tuning(Work& work) const {
    Jobs jobs;
    for (std::size_t e = 0; e < contestants_.size(); ++e)
      if (const auto& peaks = contestants_[e].entrant.peaks; peaks.size() > 1)
        for (const double peak : peaks)
          for (const std::uint64_t seed : c_.tuning_seeds)
            jobs.push_back(&tuning_job(work, e, peak, seed));
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

  /// Chooses the best peaks so far; true if a grid grew, because one of them was its last.
  bool choose(Work& work) {
    for (std::size_t e = 0; e < contestants_.size(); ++e) {
      Contestant& one = contestants_[e];
      if (one.entrant.peaks.size() == 1) continue;
      one.tuning.clear();
      one.tuning_losses.clear();
      for (const double peak : one.entrant.peaks) {
        std::vector<double>& losses = one.tuning.emplace_back();
        for (const std::uint64_t seed : c_.tuning_seeds) {
          const RunLog log = work.result(tuning_job(work, e, peak, seed));
          start_.check(seed, log);
          losses.push_back(final_loss(log));
        }
        one.tuning_losses.push_back(mean_of(losses));
      }
      one.best = static_cast<std::size_t>(std::ranges::min_element(one.tuning_losses) -
                                          one.tuning_losses.begin());
    }
    return grow();
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
  const Job& tuning_job(Work& work, std::size_t e, double peak, std::uint64_t seed) const {
    TrainingOptions options = trial_of(c_, contestants_[e].entrant, peak, seed);
    if (!watches_[e]) options.evaluations = 1;
    return work.job({index_, e, peak, seed}, options);
  }

  /// All who share a grid get the peaks that one of them needs: the same number of trials for each.
  bool grow() {
    struct Ends {
      bool low = false;
      bool high = false;
    };
    std::map<std::vector<double>, Ends> wanted;
    for (const Contestant& one : contestants_)
      if (one.tuned()) {
        Ends& ends = wanted[one.entrant.peaks];
        ends.low |= one.best == 0;
        ends.high |= one.best + 1 == one.entrant.peaks.size();
      }
    bool grew = false;
    const auto rounded = [](double peak) { return std::stod(fmt::format("{:.12g}", peak)); };
    for (std::size_t e = 0; e < contestants_.size(); ++e) {
      std::vector<double>& peaks = contestants_[e].entrant.peaks;
      const auto found = wanted.find(peaks);
      if (found == wanted.end()) continue;
      const Ends ends = found->second;
      if (ends.low && grown_[e].first < c_.growth) {
        peaks.insert(peaks.begin(), rounded(peaks[0] * (peaks[0] / peaks[1])));
        ++grown_[e].first;
        grew = true;
      }
      if (ends.high && grown_[e].second < c_.growth) {
        peaks.push_back(rounded(peaks.back() * (peaks.back() / peaks[peaks.size() - 2])));
        ++grown_[e].second;
        grew = true;
      }
    }
    return grew;
  }

  const Comparison& c_;
  std::size_t index_;
  std::vector<Contestant> contestants_;
  std::vector<bool> watches_;
  std::vector<std::pair<int, int>> grown_;  // by so many peaks: below, above
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
  for (bool grew = true; grew; phase = "tuning on a grid that grew") {
    const Jobs jobs = of_all(contests, [&](const Contest& c) { return c.tuning(tuning); });
    CompareResult result = run(phase, tuning, jobs);
    if (result.end != CompareEnd::complete) return result;
    grew = false;
    for (Contest& contest : contests) grew |= contest.choose(tuning);
  }
  CompareResult result =
      run("deciding", deciding,
          of_all(contests, [&](const Contest& c) { return c.deciding(deciding); }));
  if (result.end == CompareEnd::complete)
    for (Contest& contest : contests) result.contestants.push_back(contest.decided(deciding));
  return result;
}

}  // namespace anneal::apps
