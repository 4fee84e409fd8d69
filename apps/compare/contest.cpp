#include "apps/compare/contest.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "apps/compare/figures.h"
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

double loss_at_best(const PeakSearch& search) {
  return paired_means(search.peaks())[search.best()];
}

}  // namespace

Contest::Contest(const Comparison& c, std::size_t index, const datasets::TrainAndTest& data)
    : c_(c), index_(index) {
  const SearchRule rule{.seeds = c.tuning_seeds.size(), .refinements = c.refinements};
  for (std::size_t e = 0; e < c.entrants.size(); ++e) {
    Contestant& one = contestants_.emplace_back(Contestant{.entrant = c.entrants[e]});
    const std::size_t variants = std::max<std::size_t>(1, one.entrant.variants.size());
    for (std::size_t v = 0; v < variants; ++v) {
      Entrant as = c.entrants[e];
      if (!as.variants.empty()) as.schedule = as.variants[v];
      const TrainingPlan p = plan_of(c, as, as.peaks[0], data);
      if (const auto rate = absolute_rate(c, as, p, data)) {
        if (variants > 1)
          fail(Fault::argument,
               "compare: '" + as.name + "' leaves a constant open, so its peak must be open, too");
        one.entrant.peaks = {*rate};
      }
      if (one.entrant.peaks.size() > 1)
        searches_.push_back({e, v, std::move(as), watches_losses(p), {one.entrant.peaks, rule}});
    }
  }
}

Jobs Contest::tuning(Work& work) const {
  Jobs jobs;
  for (const Search& search : searches_)
    if (!search.out)
      for (const PeakSearch::Wanted& w : search.peaks.wanted())
        jobs.push_back(&tuning_job(work, search, w));
  return jobs;
}

Jobs Contest::deciding(Work& work) const {
  Jobs jobs;
  for (std::size_t e = 0; e < contestants_.size(); ++e)
    for (const std::uint64_t seed : c_.fresh_seeds)
      jobs.push_back(
          &work.job({index_, e, contestants_[e].peak(), seed},
                    trial_of(c_, contestants_[e].entrant, contestants_[e].peak(), seed)));
  return jobs;
}

Round Contest::choose(Work& work) {
  for (Search& search : searches_) {
    if (search.out) continue;
    for (const PeakSearch::Wanted& w : search.peaks.wanted()) {
      const RunLog log = work.result(tuning_job(work, search, w));
      check_start(c_.tuning_seeds[w.seed], log);
      search.peaks.add(w, final_loss(log));
    }
  }
  if (!grid_is_done_) {
    if (grow()) return Round::grid;
    grid_is_done_ = true;
    drop_variants();
  }
  bool more = false;
  for (Search& search : searches_) more |= !search.out && search.peaks.next();
  if (!more) take_over();
  return more ? Round::refining : Round::none;
}

std::vector<Contestant> Contest::decided(Work& work) {
  for (const Job* job : deciding(work)) {
    Contestant& one = contestants_[job->name.entrant];
    RunLog log = work.result(*job);
    check_start(job->name.seed, log);
    one.canonical = log.config.schedule;
    one.losses.push_back(final_loss(log));
    one.accuracies.push_back(log.result->test_accuracy);
    one.runs.push_back(std::move(log));
  }
  return std::move(contestants_);
}

/// Evaluations change nothing but what is known, unless a schedule watches them.
const Job& Contest::tuning_job(Work& work, const Search& search,
                               const PeakSearch::Wanted& w) const {
  const std::uint64_t seed = c_.tuning_seeds[w.seed];
  TrainingOptions options = trial_of(c_, search.as, w.rate, seed);
  if (!search.watches) options.evaluations = 1;
  return work.job({index_, search.entrant, w.rate, seed, search.variant}, options);
}

/// Paired means: all trials of a seed began with the same weights and the same batch.
void Contest::check_start(std::uint64_t seed, const RunLog& log) {
  const double loss = log.steps.at(0).loss;
  if (starts_.emplace(seed, loss).first->second != loss)
    throw std::logic_error("compare: two trials of seed " + std::to_string(seed) +
                           " did not start alike");
}

/// All who share a grid get the peaks that one of them needs: the same number of trials for each.
bool Contest::grow() {
  struct Ends {
    bool low = false;
    bool high = false;
  };
  std::map<std::vector<double>, Ends> wanted;
  for (const Search& search : searches_) {
    const std::vector<double>& grid = search.peaks.grid();
    Ends& ends = wanted[grid];
    ends.low |= search.peaks.best() == 0;
    ends.high |= search.peaks.best() + 1 == grid.size();
  }
  bool grew = false;
  for (Search& search : searches_) {
    const Ends ends = wanted[search.peaks.grid()];
    if (ends.low && search.grown.first < c_.growth) {
      search.peaks.grow_below();
      ++search.grown.first;
      grew = true;
    }
    if (ends.high && search.grown.second < c_.growth) {
      search.peaks.grow_above();
      ++search.grown.second;
      grew = true;
    }
  }
  return grew;
}

/// On the grid, a variant that is more than 5 % above the entrant's best is not refined: the rule
/// for peaks.
void Contest::drop_variants() {
  std::map<std::size_t, double> least;
  for (const Search& s : searches_) {
    const double loss = loss_at_best(s.peaks);
    const auto [at, first] = least.emplace(s.entrant, loss);
    at->second = std::min(at->second, loss);
  }
  for (Search& s : searches_) s.out = loss_at_best(s.peaks) > PeakSearch::within * least[s.entrant];
}

/// What the searches found.
void Contest::take_over() {
  std::vector<double> least(contestants_.size(), std::numeric_limits<double>::infinity());
  for (const Search& search : searches_) {
    Contestant& one = contestants_[search.entrant];
    for (const TriedPeak& p : search.peaks.peaks()) one.tuning_trials += std::ssize(p.losses);
    const double loss = loss_at_best(search.peaks);
    if (search.out || (one.tuned() && !(loss < least[search.entrant]))) continue;
    least[search.entrant] = loss;
    one.entrant.schedule = search.as.schedule;
    one.grid = search.peaks.grid();
    one.entrant.peaks.clear();
    one.tuning.clear();
    for (const TriedPeak& p : search.peaks.peaks()) {
      one.entrant.peaks.push_back(p.rate);
      one.tuning.push_back(p.losses);
    }
    one.tuning_losses = paired_means(search.peaks.peaks());
    one.best = search.peaks.best();
    one.cost = search.peaks.cost();
    one.rival = search.peaks.rival();
  }
}

}  // namespace anneal::apps
