#include "apps/view/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr double redraw_interval = 0.1;  // seconds

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string bar_text(double share, int width, bool unicode) {
  const int halves = static_cast<int>(share * 2 * width);
  std::string bar;
  for (int cell = 0; cell < width; ++cell) {
    const int filled = std::clamp(halves - 2 * cell, 0, 2);
    if (unicode) {
      bar += filled == 2 ? "━" : filled == 1 ? "╸" : "─";
    } else {
      bar += filled == 2 ? '#' : '-';
    }
  }
  return bar;
}

std::string percent(double share, int decimals) {
  return fmt::format("{:.{}f}%", 100.0 * share, decimals);
}

// A line about the run, around a bar that takes what is left of the window.
struct Wording {
  std::string before;
  std::string after;
  bool bar;
};

}  // namespace

Progress::Progress(std::ostream& out, ProgressPlan plan, ProgressView view)
    : out_(out), plan_(std::move(plan)), view_(std::move(view)), done_(plan_.first_step) {
  if (!view_.seconds) view_.seconds = steady_seconds;
  begun_ = view_.seconds();
  drawn_ = -std::numeric_limits<double>::infinity();
}

Progress::~Progress() {
  try {
    finish();
  } catch (...) {  // NOLINT(bugprone-empty-catch): a line less is no reason to end the program
  }
}

void Progress::step(std::int64_t done, double loss, double lr, std::int64_t samples) {
  if (finished_) return;
  flush_plain();
  done_ = done;
  samples_ += samples;
  lr_ = lr;
  loss_.add(loss);
  last_loss_ = loss;
  if (!view_.live) {
    line_owed_ = std::ranges::binary_search(plan_.epoch_ends, done_);
  } else if (view_.seconds() - drawn_ >= redraw_interval) {
    redraw();
  }
}

void Progress::evaluated(double loss, double accuracy) {
  if (finished_) return;
  validation_loss_ = loss;
  accuracy_ = accuracy;
  if (view_.live) {
    redraw();
  } else {
    line_owed_ = true;
    flush_plain();
  }
}

void Progress::finish() {
  if (finished_) return;
  finished_ = true;
  flush_plain();
  if (!line_open_) return;
  redraw();
  out_ << '\n' << std::flush;
}

double Progress::elapsed() const {
  return view_.seconds() - begun_;
}

std::string Progress::epoch() const {
  const auto epochs = static_cast<std::int64_t>(plan_.epoch_ends.size());
  const auto at = std::ranges::lower_bound(plan_.epoch_ends, done_) - plan_.epoch_ends.begin();
  return fmt::format("{}/{}", std::min(at + 1, epochs), epochs);
}

std::string Progress::rate() const {
  return elapsed() > 0.0 ? rate_text(static_cast<double>(samples_) / elapsed()) : "?";
}

// The smoothed loss, unless the last one is not finite: that must not be smoothed away.
std::string Progress::loss(int decimals) const {
  const double shown = std::isfinite(last_loss_) ? loss_.value() : last_loss_;
  return std::abs(shown) < 1000.0 ? fmt::format("{:.{}f}", shown, decimals) : number_text(shown, 3);
}

// The longest wording that fits. The shortest still tells everything, without the names.
std::string Progress::line(int columns) const {
  const double share = static_cast<double>(done_) / static_cast<double>(total_steps());
  const auto steps = static_cast<double>(done_ - plan_.first_step);
  const auto to_do = static_cast<double>(total_steps() - done_);
  const std::string time = clock_text(finished_     ? elapsed()
                                      : steps > 0.0 ? elapsed() / steps * to_do
                                                    : -1.0);
  // Rounded down: 100 % is said when all is done, not before.
  const std::string done = fmt::format("{}%", static_cast<int>(100.0 * share));
  const auto accuracy = [&](int decimals) {
    return accuracy_ ? percent(*accuracy_, decimals) : std::string("-");
  };
  const auto lr = [&](int digits) { return number_text(lr_, digits); };

  const std::array<Wording, 5> wordings = {{
      {fmt::format("epoch {}  ", epoch()),
       fmt::format("  {:>4}  loss {}  accuracy {}  lr {:<7}  {} samples/s  {} {}", done, loss(4),
                   accuracy(2), lr(3), rate(), time, finished_ ? "in all" : "left"),
       true},
      {fmt::format("{} ", epoch()),
       fmt::format(" {:>4}  loss {}  acc {}  lr {:<6}  {}/s  {}", done, loss(3), accuracy(1), lr(2),
                   rate(), time),
       true},
      {fmt::format("{} {} loss {} acc {} lr {} {}/s {}", epoch(), done, loss(3), accuracy(1), lr(2),
                   rate(), time),
       "", false},
      {fmt::format("{} {} {} {} {} {}/s {}", epoch(), done, loss(3), accuracy(1), lr(2), rate(),
                   time),
       "", false},
      {fmt::format("{} {} {} {} {} {} {}", epoch(), done, loss(2), accuracy(0), lr(1), rate(),
                   time),
       "", false},
  }};
  constexpr int least_bar = 5;
  constexpr int most_bar = 40;
  for (const auto& [before, after, bar] : wordings) {
    const int room = columns - columns_of(before) - columns_of(after);
    if (bar && room >= least_bar) {
      return fmt::format("{}{}{}", before, bar_text(share, std::min(room, most_bar), view_.unicode),
                         after);
    }
    if (!bar && room >= 0) return before;
  }
  return shorten(wordings.back().before, columns, view_.unicode);
}

std::string Progress::plain_line() const {
  std::string text = fmt::format("epoch {}  update {}/{}  smoothed loss {}", epoch(), done_,
                                 total_steps(), loss(4));
  if (validation_loss_) {
    text += fmt::format("  validation loss {:.4f}, accuracy {}", *validation_loss_,
                        percent(*accuracy_, 2));
  }
  return text + fmt::format("  lr {}  {} samples/s", number_text(lr_, 3), rate());
}

void Progress::redraw() {
  // The last column stays free: some terminals wrap as soon as it is written.
  out_ << '\r' << line(std::max(view_.columns() - 1, 1)) << "\x1b[K" << std::flush;
  line_open_ = true;
  drawn_ = view_.seconds();
}

void Progress::flush_plain() {
  if (!std::exchange(line_owed_, false)) return;
  out_ << plain_line() << '\n' << std::flush;
  validation_loss_.reset();
}

}  // namespace anneal::apps
