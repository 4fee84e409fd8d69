#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "apps/compare/peak_fit.h"

namespace anneal::apps {

/// How a schedule's peak is looked for; the same for all.
struct SearchRule {
  std::size_t seeds = 10;  ///< of the tuning, for peaks that stay in the race
  /// Rounds of trials between the peaks of the grid; 0: the grid alone, each peak with all seeds.
  int refinements = 6;
};

/// The search for one schedule's peak, docs/protocol.md: the grid with few seeds; then the
/// geometric means of the best and its neighbours, until both are at most a factor of sqrt(2) away;
/// then the vertex of the parabola through them; then the peaks that are not clearly worse than the
/// best get all seeds. Which trials are wanted follows from the losses of those before, and from
/// nothing else: whoever has them goes on alike.
class PeakSearch {
 public:
  PeakSearch(const std::vector<double>& grid, const SearchRule& rule);

  struct Wanted {
    double rate;
    std::size_t seed;  ///< index of a tuning seed
  };
  /// Of the least loss: what is no higher may still be the best with more seeds.
  static constexpr double within = 1.05;

  /// The trials of this round that were not added yet.
  std::vector<Wanted> wanted() const;
  void add(const Wanted& trial, double loss);  ///< in the order of wanted()

  /// With all that was wanted added: chooses the next round; false when the search is over.
  bool next();

  /// Adds a peak to the grid below or above, a step of the grid further, and begins a round with
  /// it.
  void grow_below() { grow(false); }
  void grow_above() { grow(true); }

  const std::vector<double>& grid() const { return grid_; }  ///< as it has grown
  const std::vector<TriedPeak>& peaks() const { return peaks_; }
  /// By the parabola where there is one, else the least mean.
  std::size_t best() const;
  std::optional<PeakCost> cost() const;
  /// The best of the peaks a factor of 1.3 or more away that is not clearly worse than the chosen
  /// one.
  std::optional<std::size_t> rival() const;

 private:
  enum class Stage { grid, refining, racing, over };
  void grow(bool above);
  void want(double rate, std::size_t seeds);
  bool wants() const { return !wanted().empty(); }
  void refine();
  void try_vertex(std::size_t seeds);
  void race();
  std::size_t least() const;

  SearchRule rule_;
  std::size_t few_;   // seeds of the grid
  std::size_t some_;  // seeds of what is near the best
  std::vector<double> grid_;
  std::vector<TriedPeak> peaks_;    // rising
  std::vector<std::size_t> seeds_;  // of each: so many are wanted
  Stage stage_ = Stage::grid;
  int rounds_ = 0;
};

}  // namespace anneal::apps
