#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "apps/view/smooth.h"

namespace anneal::apps {

/// How long the run is; a resumed one begins after `first_step` updates.
struct ProgressPlan {
  std::vector<std::int64_t> epoch_ends;  ///< in updates; one or more
  std::int64_t first_step = 0;
};

/// Where progress is shown. Time and window are asked for each time the line is drawn.
struct ProgressView {
  bool live = false;  ///< redraw one line in place; else write a plain line after each epoch
  bool unicode = true;
  std::function<int()> columns = [] { return 80; };  ///< of the window
  std::function<double()> seconds;  ///< a clock that never goes back; default: ours
};

/// Shows how a run comes along. It writes only in its calls, from the thread that makes them.
class Progress {
 public:
  Progress(std::ostream& out, ProgressPlan plan, ProgressView view);

  /// Ends the line, whatever the reason for leaving.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// After an update: how many are done, the minibatch's loss, its rate, its number of samples.
  void step(std::int64_t done, double loss, double lr, std::int64_t samples);

  /// After an evaluation on the validation set; accuracy is a fraction.
  void evaluated(double loss, double accuracy);

  /// Draws the last state and ends the line; later calls do nothing.
  void finish();

 private:
  std::int64_t total_steps() const { return plan_.epoch_ends.back(); }
  double elapsed() const;
  std::string epoch() const;
  std::string rate() const;
  std::string loss(int decimals) const;
  std::string line(int columns) const;
  std::string plain_line() const;
  void redraw();
  void flush_plain();

  std::ostream& out_;
  ProgressPlan plan_;
  ProgressView view_;
  Smooth loss_{50};  // updates: calm to the eye, yet soon after a change
  double last_loss_ = 0.0;
  std::int64_t done_;
  std::int64_t samples_ = 0;
  double lr_ = 0.0;
  std::optional<double> validation_loss_;  // not yet written as a plain line
  std::optional<double> accuracy_;
  double begun_;
  double drawn_;            // when the line was drawn last
  bool line_open_ = false;  // live: a line is on the screen without its newline
  bool line_owed_ = false;  // plain: an epoch ended, its evaluation may follow
  bool finished_ = false;
};

}  // namespace anneal::apps
