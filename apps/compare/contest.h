#pragma once
#include <map>
#include <utility>
#include <vector>

#include "apps/compare/peak_search.h"
#include "apps/compare/work.h"

namespace anneal::apps {

/// What the next trials are for.
enum class Round { none, refining, grid };

/// One comparison on its way: what is known of its contestants, and which trials are wanted next.
/// That follows from the results so far, so that all who see the same trials plan alike.
class Contest {
 public:
  /// `data` is what a trial that tunes has. Throws as plan() does.
  Contest(const Comparison& c, std::size_t index, const datasets::TrainAndTest& data);

  Jobs tuning(Work& work) const;    ///< the trials of this round
  Jobs deciding(Work& work) const;  ///< once there are no rounds any more

  /// Looks at the trials of this round, and plans the next. Throws std::logic_error if two trials
  /// of a seed did not start alike.
  Round choose(Work& work);

  /// What the trials that decide have given; after that there is nothing left here.
  std::vector<Contestant> decided(Work& work);

 private:
  /// The search of an entrant's peak under one of its variants.
  struct Search {
    std::size_t entrant;
    std::size_t variant;
    Entrant as;  ///< the entrant under this variant
    bool watches;
    PeakSearch peaks;
    std::pair<int, int> grown = {};  ///< by so many peaks: below, above
    bool out = false;                ///< another variant is better
  };
  const Job& tuning_job(Work& work, const Search& search, const PeakSearch::Wanted& w) const;
  void check_start(std::uint64_t seed, const RunLog& log);
  bool grow();
  void drop_variants();
  void take_over();

  const Comparison& c_;
  std::size_t index_;
  std::vector<Contestant> contestants_;
  std::vector<Search> searches_;  // none for those at a given rate
  bool grid_is_done_ = false;
  std::map<std::uint64_t, double> starts_;  // the first loss of each seed
};

}  // namespace anneal::apps
