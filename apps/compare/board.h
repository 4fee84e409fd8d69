#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "apps/compare/comparison.h"

namespace anneal::apps {

/// Where a board is shown. Time and window are asked for each time it is drawn.
struct BoardView {
  bool live = false;  ///< redraw some lines in place; else write a plain line at each tenth
  bool unicode = true;
  int processes = 1;  ///< that share the work; this one sees the workers and losses of its own
  std::function<int()> columns = [] { return 80; };  ///< of the window
  std::function<double()> seconds = {};              ///< a clock that never goes back
};

/// Shows how a comparison comes along: what each worker does, how many trials are done, how long
/// the rest may take, and who leads so far. Its members may be called from any thread.
class Board {
 public:
  Board(std::ostream& out, const std::vector<Comparison>& comparisons, int workers, BoardView view);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  void begun(const std::string& phase, std::int64_t trials);
  void started(int worker, const TrialName& trial, std::int64_t updates);
  void updated(int worker);  ///< after each update
  void finished(int worker, const TrialName& trial, double loss, Ranks::Progress all);
  void noted(const std::string& line);  ///< which stays above the others
  /// Takes the lines away; later calls draw nothing.
  void finish();

 private:
  struct Worker {
    std::string text = {};
    std::int64_t updates = 1;
    std::atomic<std::int64_t> done = 0;
  };
  std::string name_of(const TrialName& trial) const;
  std::string counted() const;
  std::string leaders() const;
  std::vector<std::string> lines() const;
  void draw();
  void erase();

  std::ostream& out_;
  const std::vector<Comparison>& comparisons_;
  BoardView view_;
  std::mutex guard_;
  std::vector<Worker> workers_;
  std::string phase_;
  std::int64_t trials_ = 0;
  Ranks::Progress all_ = {};  // what was not computed was in the store
  double begun_ = 0.0;
  std::atomic<double> drawn_ = -1e9;
  int lines_on_screen_ = 0;
  bool over_ = false;
  /// Losses of the phase, of each comparison and entrant, at each peak.
  std::map<std::pair<std::size_t, std::size_t>, std::map<double, std::vector<double>>> losses_;
};

}  // namespace anneal::apps
