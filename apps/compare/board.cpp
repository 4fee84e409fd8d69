#include "apps/compare/board.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "apps/compare/statistics.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr double redraw_after = 0.1;  // seconds: as often as an eye can follow

std::string bar(double share, int width, bool unicode) {
  const auto full = static_cast<int>(std::lround(share * width));
  std::string text;
  for (int i = 0; i < width; ++i) text += i < full ? (unicode ? "█" : "#") : (unicode ? "░" : ".");
  return text;
}

}  // namespace

Board::Board(std::ostream& out, const std::vector<Comparison>& comparisons, int workers,
             BoardView view)
    : out_(out),
      comparisons_(comparisons),
      view_(std::move(view)),
      workers_(static_cast<std::size_t>(workers)) {
  if (!view_.seconds)
    view_.seconds = [] {
      return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
          .count();
    };
}

Board::~Board() {
  finish();
}

void Board::begun(const std::string& phase, std::int64_t trials) {
  const std::lock_guard lock(guard_);
  phase_ = phase;
  trials_ = trials;
  all_ = {};
  begun_ = view_.seconds();
  losses_.clear();
  for (Worker& w : workers_) w.text.clear();
}

void Board::started(int worker, const TrialName& trial, std::int64_t updates) {
  const std::lock_guard lock(guard_);
  Worker& w = workers_[static_cast<std::size_t>(worker)];
  w.text = fmt::format("{} at {}, seed {}", name_of(trial), number_text(trial.peak, 3), trial.seed);
  w.updates = updates;
  w.done = 0;
}

void Board::updated(int worker) {
  ++workers_[static_cast<std::size_t>(worker)].done;
  if (!view_.live || view_.seconds() - drawn_ < redraw_after) return;
  const std::unique_lock lock(guard_, std::try_to_lock);
  if (lock) draw();
}

void Board::finished(int worker, const TrialName& trial, double loss, Ranks::Progress all) {
  const std::lock_guard lock(guard_);
  workers_[static_cast<std::size_t>(worker)].text.clear();
  losses_[{trial.comparison, trial.entrant}][trial.peak].push_back(loss);
  const bool tenth = all.done * 10 / trials_ != all_.done * 10 / trials_;
  all_ = all;
  if (over_) return;
  if (view_.live)
    draw();
  else if (tenth)
    out_ << counted() << "\n" << std::flush;
}

void Board::noted(const std::string& line) {
  const std::lock_guard lock(guard_);
  erase();
  out_ << printable(line, view_.unicode) << "\n" << std::flush;
}

void Board::finish() {
  const std::lock_guard lock(guard_);
  if (!over_) erase();
  over_ = true;
}

std::string Board::name_of(const TrialName& trial) const {
  const Comparison& c = comparisons_[trial.comparison];
  std::string name = c.entrants[trial.entrant].name;
  if (comparisons_.size() > 1) name += fmt::format(" ({} epochs)", c.training.epochs);
  return name;
}

std::string Board::counted() const {
  const auto [done, computed] = all_;
  const std::string by = view_.processes > 1 ? fmt::format(", {} processes", view_.processes) : "";
  std::string text = fmt::format("{}{}: trial {} of {}", phase_, by, done, trials_);
  if (computed >= 3)
    text += fmt::format(", {} left",
                        clock_text((view_.seconds() - begun_) / static_cast<double>(computed) *
                                   static_cast<double>(trials_ - done)));
  if (computed < done) text += fmt::format(" ({} were there already)", done - computed);
  return text;
}

/// The lowest mean losses so far, each at its best peak so far.
std::string Board::leaders() const {
  struct Leader {
    double mean;
    std::string text;
  };
  std::vector<Leader> all;
  for (const auto& [who, peaks] : losses_) {
    Leader best{.mean = std::numeric_limits<double>::infinity(), .text = ""};
    for (const auto& [peak, losses] : peaks) {
      const double mean = mean_of(losses);
      if (!(mean < best.mean)) continue;
      best = {mean, fmt::format("{} {:.4f}", name_of({who.first, who.second}), mean)};
      if (losses.size() < 3) continue;
      const Interval range = t_interval(losses);
      best.text += fmt::format(" [{:.4f}, {:.4f}]", range.low, range.high);
    }
    if (!best.text.empty()) all.push_back(std::move(best));
  }
  std::ranges::sort(all, {}, &Leader::mean);
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), 3); ++i)
    text += (i == 0 ? "" : "   ") + all[i].text;
  return text;
}

std::vector<std::string> Board::lines() const {
  const double share =
      trials_ == 0 ? 1.0 : static_cast<double>(all_.done) / static_cast<double>(trials_);
  std::vector<std::string> lines{bar(share, 24, view_.unicode) + "  " + counted()};
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    const Worker& w = workers_[i];
    lines.push_back(fmt::format("worker {:<2} ", i + 1));
    if (w.text.empty()) continue;
    const double part = static_cast<double>(w.done) / static_cast<double>(w.updates);
    lines.back() += bar(std::min(part, 1.0), 14, view_.unicode) + "  " + w.text;
  }
  lines.push_back("so far    " + leaders() +
                  (view_.processes > 1 ? "   (of process 1 alone)" : ""));
  return lines;
}

void Board::draw() {
  if (over_) return;
  drawn_ = view_.seconds();
  const int columns = view_.columns();
  erase();
  for (const std::string& line : lines())
    out_ << shorten(printable(line, view_.unicode), columns - 1, view_.unicode) << "\n";
  lines_on_screen_ = static_cast<int>(workers_.size()) + 2;
  out_ << std::flush;
}

void Board::erase() {
  if (lines_on_screen_ > 0) out_ << fmt::format("\r\x1b[{}A\x1b[J", lines_on_screen_);
  lines_on_screen_ = 0;
}

}  // namespace anneal::apps
