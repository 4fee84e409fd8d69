#include "apps/compare/comparison.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

constexpr double diverged = std::numeric_limits<double>::infinity();
constexpr double significant = 0.05;

void check(const Comparison& c) {
  const auto need = [](bool fine, const char* what) {
    if (!fine) fail(Fault::argument, what);
  };
  need(!c.schedules.empty(), "compare: there is no schedule");
  need(c.baseline < c.schedules.size(), "compare: the baseline must be one of the schedules");
  need(!c.peaks.empty() && c.peaks.front() > 0.0, "compare: the peaks must be above 0");
  need(std::ranges::is_sorted(c.peaks, std::ranges::less_equal{}), "compare: the peaks must rise");
  need(!c.tuning_seeds.empty() && !c.fresh_seeds.empty(),
       "compare: tuning and deciding need a seed each");
  for (const std::uint64_t seed : c.fresh_seeds)
    need(std::ranges::find(c.tuning_seeds, seed) == c.tuning_seeds.end(),
         "compare: a seed that tuned cannot decide");
}

double final_loss(const RunLog& log) {
  if (log.result->diverged || log.evaluations.empty()) return diverged;
  const double loss = log.evaluations.back().validation_loss;
  if (!std::isfinite(loss)) return diverged;
  return loss;
}

/// Trials of one phase, each in the store once it returns; false if it was stopped.
class Phase {
 public:
  Phase(const datasets::TrainAndTest& data, const TrialStore& store, const CompareEvents& events)
      : data_(data), store_(store), events_(events) {}

  bool run(const char* name, const std::vector<TrainingOptions>& trials, int workers) {
    const auto total = static_cast<std::int64_t>(trials.size());
    std::int64_t done = 0;
    std::atomic<bool> stopped = false;
    std::mutex guard;
    in_parallel(trials.size(), workers, [&](std::size_t i) {
      if (stopped) return;
      if (!store_.has(key(trials[i])) && !store_.run(trials[i], data_, events_.stop)) {
        stopped = true;
        return;
      }
      const std::lock_guard lock(guard);
      if (events_.progress) events_.progress(name, ++done, total);
    });
    return !stopped;
  }
  RunLog result(const TrainingOptions& trial) const { return store_.read(key(trial)); }

 private:
  std::string key(const TrainingOptions& trial) const {
    return key_of(description_of(trial, data_));
  }

  const datasets::TrainAndTest& data_;
  const TrialStore& store_;
  const CompareEvents& events_;
};

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

std::vector<double> differences(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> d;
  for (std::size_t i = 0; i < a.size(); ++i) d.push_back(a[i] - b[i]);
  return d;
}

/// Which pairs of contestants can be told apart.
std::vector<std::vector<bool>> told_apart(const std::vector<Contestant>& contestants) {
  const std::size_t n = contestants.size();
  std::vector<std::vector<bool>> differ(n, std::vector<bool>(n, false));
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) {
      const bool i_failed = contestants[i].diverged() > 0;
      const bool j_failed = contestants[j].diverged() > 0;
      differ[i][j] = differ[j][i] = i_failed != j_failed;
      if (i_failed || j_failed) continue;
      pairs.emplace_back(i, j);
      rows.push_back(differences(contestants[i].losses, contestants[j].losses));
    }
  const std::vector<double> p = joint_sign_flip_p(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto [i, j] = pairs[r];
    differ[i][j] = differ[j][i] = p[r] <= significant;
  }
  return differ;
}

}  // namespace

std::int64_t Contestant::diverged() const {
  return std::ranges::count_if(losses, [](double loss) { return !std::isfinite(loss); });
}

TrainingOptions trial_of(const Comparison& comparison, std::size_t schedule, double peak,
                         std::uint64_t seed) {
  TrainingOptions options = comparison.training;
  options.schedule = comparison.schedules[schedule];
  options.optimizer.lr = peak;
  options.seed = seed;
  options.threads = 1;
  return options;
}

std::vector<Contestant> compare(const Comparison& c, const datasets::TrainAndTest& data,
                                const TrialStore& store, int workers, const CompareEvents& events) {
  check(c);
  datasets::TrainAndTest without_test = data;
  without_test.test.bytes.clear();
  without_test.test.numbers.clear();
  without_test.test.labels.clear();
  const auto seeds_of = [&](const std::vector<std::uint64_t>& seeds, std::size_t schedule,
                            double peak) {
    std::vector<TrainingOptions> trials;
    trials.reserve(seeds.size());
    for (const std::uint64_t seed : seeds) trials.push_back(trial_of(c, schedule, peak, seed));
    return trials;
  };

  Phase tuning(without_test, store, events);
  std::vector<TrainingOptions> trials;
  for (std::size_t s = 0; s < c.schedules.size(); ++s)
    for (const double peak : c.peaks)
      for (const TrainingOptions& t : seeds_of(c.tuning_seeds, s, peak)) trials.push_back(t);
  if (!tuning.run("tuning", trials, workers)) return {};

  SameStart start;
  std::vector<Contestant> contestants;
  for (std::size_t s = 0; s < c.schedules.size(); ++s) {
    Contestant one{.schedule = c.schedules[s]};
    for (const double peak : c.peaks) {
      std::vector<double> losses;
      for (const TrainingOptions& t : seeds_of(c.tuning_seeds, s, peak)) {
        const RunLog log = tuning.result(t);
        start.check(t.seed, log);
        losses.push_back(final_loss(log));
        one.canonical = log.config.schedule;
      }
      one.tuning_losses.push_back(mean_of(losses));
    }
    one.best = static_cast<std::size_t>(std::ranges::min_element(one.tuning_losses) -
                                        one.tuning_losses.begin());
    contestants.push_back(std::move(one));
  }

  Phase deciding(data, store, events);
  const auto fresh_trials = [&](std::size_t s) {
    return seeds_of(c.fresh_seeds, s, c.peaks[contestants[s].best]);
  };
  trials.clear();
  for (std::size_t s = 0; s < c.schedules.size(); ++s)
    for (const TrainingOptions& t : fresh_trials(s)) trials.push_back(t);
  if (!deciding.run("deciding", trials, workers)) return {};
  for (std::size_t s = 0; s < c.schedules.size(); ++s)
    for (const TrainingOptions& t : fresh_trials(s)) {
      const RunLog log = deciding.result(t);
      start.check(t.seed, log);
      contestants[s].losses.push_back(final_loss(log));
      contestants[s].accuracies.push_back(log.result->test_accuracy);
    }
  return contestants;
}

std::vector<Verdict> judge(const std::vector<Contestant>& contestants, std::size_t baseline) {
  std::vector<std::vector<double>> losses;
  losses.reserve(contestants.size());
  for (const Contestant& c : contestants) losses.push_back(c.losses);
  const std::vector<double> ranks = mean_ranks(losses);
  // Tiers in the order of the ranks, so that the best has an "a".
  std::vector<std::size_t> order(contestants.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return ranks[i]; });
  std::vector<Contestant> ordered;
  ordered.reserve(order.size());
  for (const std::size_t i : order) ordered.push_back(contestants[i]);
  const std::vector<std::string> tiers = letters(told_apart(ordered));

  std::vector<Verdict> verdicts(contestants.size());
  for (std::size_t i = 0; i < order.size(); ++i) verdicts[order[i]].tier = tiers[i];
  const Contestant& base = contestants[baseline];
  std::vector<std::size_t> tested;
  std::vector<double> p;
  for (std::size_t i = 0; i < contestants.size(); ++i) {
    const Contestant& c = contestants[i];
    verdicts[i].rank = ranks[i];
    if (i == baseline || c.diverged() > 0 || base.diverged() > 0) continue;
    const std::vector<double> loss = differences(c.losses, base.losses);
    verdicts[i].loss_difference = bca_interval(loss);
    verdicts[i].accuracy_difference = bca_interval(differences(c.accuracies, base.accuracies));
    tested.push_back(i);
    p.push_back(sign_flip_p(loss));
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < tested.size(); ++k) verdicts[tested[k]].p = adjusted[k];
  return verdicts;
}

}  // namespace anneal::apps
