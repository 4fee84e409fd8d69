#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "apps/compare/peak_fit.h"
#include "apps/compare/ranks.h"
#include "apps/compare/store.h"

/// The protocol of a comparison, docs/protocol.md: each schedule is tuned on the same peaks with
/// the same seeds, by its validation loss; then it is judged at its best peak with fresh seeds.
namespace anneal::apps {

/// One of those that are compared: a schedule, the optimizer that follows it, and the learning
/// rates at factor 1 from which it chooses its peak.
struct Entrant {
  std::string name = {};  ///< in tables and charts
  std::string schedule = {};
  /// The schedule with each of the values of a constant that is left open, of which the tuning
  /// takes one; the first of them is `schedule` until then. None: nothing is open.
  std::vector<std::string> variants = {};
  OptimizerOptions optimizer = {};  ///< but for its rate
  std::vector<double> peaks = {};   ///< rising; a single one is taken as it is, without tuning
};

/// One that was left out because another had the same rates at every update.
struct SameRuns {
  std::string name = {};
  std::string as = {};  ///< the one that stands for both
};

/// What is compared, under what conditions.
struct Comparison {
  TrainingOptions training = {};  ///< of every trial, but for schedule, optimizer, rate and seed
  std::vector<Entrant> entrants = {};
  std::size_t baseline = 0;  ///< which of them the others are compared with
  std::vector<std::uint64_t> tuning_seeds = {};
  std::vector<std::uint64_t> fresh_seeds = {};  ///< none of them a tuning seed
  /// By how many peaks, at each end, a grid may grow while somebody's best peak is its last.
  int growth = 3;
  /// Rounds of trials around each best peak, PeakSearch; 0: the grid as given, with all seeds.
  int refinements = 6;
  std::vector<SameRuns> merged = {};  ///< entrants that are no more, by merge_same()
  int evaluations = 20;  ///< of a trial that decides, spread evenly: the points of its curves
};

/// Throws std::invalid_argument for a comparison that makes no sense.
void check(const Comparison& comparison);

/// One schedule's results. A loss is infinite where the trial diverged.
struct Contestant {
  Entrant entrant = {};           ///< its peaks are those that were tried in the end
  std::vector<double> grid = {};  ///< those of them that all who share its grid have tried
  std::string canonical = {};     ///< the schedule as it was understood
  /// Final validation loss at each peak, of the first of the tuning seeds: fewer where it was
  /// clear that others are better. Empty for one that was not tuned.
  std::vector<std::vector<double>> tuning = {};
  std::vector<double> tuning_losses = {};  ///< at each peak: paired_means() of them
  std::size_t best = 0;                    ///< the chosen peak, PeakSearch::best()
  std::int64_t tuning_trials = 0;          ///< so many chose the peak, and the variant
  std::optional<PeakCost> cost = {};       ///< what that choice may cost, if it can be told
  std::optional<std::size_t> rival = {};   ///< PeakSearch::rival()
  std::vector<RunLog> runs = {};           ///< at that peak, of each fresh seed
  std::vector<double> losses = {};         ///< of each fresh seed: final validation loss
  std::vector<double> accuracies = {};     ///< of each fresh seed: of the test set, a fraction

  double peak() const { return entrant.peaks[best]; }
  /// The peaks that can be compared with those of others.
  const std::vector<double>& common_peaks() const { return grid.empty() ? entrant.peaks : grid; }
  bool tuned() const { return !tuning_losses.empty(); }
  bool best_is_at_the_edge() const {
    return tuned() && (best == 0 || best + 1 == entrant.peaks.size());
  }
  /// How many of the fresh seeds' trials diverged.
  std::int64_t diverged() const;
};

/// The options of one trial, as the tuning runs it: only those that watch their losses are
/// evaluated before the end.
TrainingOptions trial_of(const Comparison& comparison, const Entrant& entrant, double peak,
                         std::uint64_t seed);

/// Who computes the trials: so many threads in each of the processes that share the work; and, of
/// several shards that know nothing of each other, this one, 1 to `shards`.
struct Crew {
  Ranks& ranks;
  int workers = 1;
  int shard = 1;
  int shards = 1;
};

/// A trial, for those who watch.
struct TrialName {
  std::size_t comparison = 0;
  std::size_t entrant = 0;
  double peak = 0.0;
  std::uint64_t seed = 0;
  std::size_t variant = 0;  ///< of the entrant, while it is tuned
  bool operator<(const TrialName& other) const {
    return std::tie(comparison, entrant, peak, seed, variant) <
           std::tie(other.comparison, other.entrant, other.peak, other.seed, other.variant);
  }
};

/// Callbacks of this process, and its stop requests. All but `begun` are called from the workers'
/// threads, numbered from 0, one at a time; `finished` also hears what all processes have done.
/// `stop` is asked after every update and `leave` before every trial, by several at once.
struct CompareEvents {
  std::function<void(const char* phase, std::int64_t trials)> begun = {};
  std::function<void(int worker, const TrialName&, std::int64_t updates)> started = {};
  std::function<void(int worker, const TrialName&, double loss, Ranks::Progress)> finished = {};
  /// Something that a person should know, as one line.
  std::function<void(const std::string& line)> noted = {};
  std::function<bool(int worker)> stop = {};  ///< true: give up the trial at hand
  /// True: begin no other trial, and do not wait for the other processes.
  std::function<bool()> leave = {};
};

enum class CompareEnd {
  complete,
  interrupted,
  waiting,  ///< this shard's part is done; what follows needs the others'
};

struct CompareResult {
  CompareEnd end = CompareEnd::complete;
  std::int64_t missing = 0;  ///< when waiting: so many trials of others
  double seconds = 0.0;      ///< of one thread, that this process's trials took, whenever that was
  /// Of each comparison, if complete: contestants in the order of the entrants.
  std::vector<std::vector<Contestant>> contestants = {};
};

/// Computes what the store does not hold yet: the tuning of all comparisons, then what decides.
/// While it tunes it has no test set. Throws as check() does, and std::logic_error if trials of a
/// seed did not start alike.
CompareResult compare(std::span<const Comparison> comparisons, const datasets::TrainAndTest& data,
                      const TrialStore& store, const Crew& crew, const CompareEvents& events);

}  // namespace anneal::apps
