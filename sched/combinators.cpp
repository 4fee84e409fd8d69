// The combinators: schedules made of schedules. Each hands its parts a clock of their own.
#include <algorithm>
#include <cmath>

#include "sched/fail.h"
#include "sched/schedule.h"

namespace anneal::sched {
namespace {

/// The parts of a chain and where they begin.
class Chain {
 public:
  explicit Chain(std::vector<Part> parts)
      : parts_(std::move(parts)),
        open_(static_cast<std::size_t>(
            std::ranges::find_if(parts_, [](const Part& p) { return !p.length; }) -
            parts_.begin())) {}

  double operator()(const Clock& now) const {
    std::size_t i = 0;
    Step begin = 0;
    Step end = boundary(0, now);
    while (i + 1 < parts_.size() && now.step >= end) {
      begin = end;
      end = boundary(++i, now);
    }
    return parts_[i].schedule(now.stage(begin, end));
  }

  void resolve(const Clock& window, std::vector<Stage>& out) const {
    Step begin = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Step end = boundary(i, window);
      check(i, begin, end, window);
      parts_[i].schedule.append_stages(window.stage(begin, end), out);
      begin = end;
    }
    if (begin < window.total)
      out.push_back({"hold", window.origin + begin, window.origin + window.total});
  }

  std::string text() const {
    std::string text;
    for (const Part& part : parts_) text += (text.empty() ? "" : " | ") + part_text(part);
    return text;
  }

 private:
  static std::string part_text(const Part& part) {
    return part.schedule.text_in(Schedule::Binding::product) +
           (part.length ? "@" + part.length->text() : "");
  }

  double sum(std::size_t from, std::size_t to, const Clock& now) const {
    double sum = 0.0;
    for (std::size_t i = from; i < to; ++i)
      sum += parts_[i].length->in(now.total, now.steps_per_epoch);
    return sum;
  }

  /// Where part i ends: counted from the start of the chain up to the part without a length, and
  /// from its end after that.
  Step boundary(std::size_t i, const Clock& now) const {
    if (i < open_) return std::llround(sum(0, i + 1, now));
    const Step end = now.total - std::llround(sum(i + 1, parts_.size(), now));
    // Where the lengths leave nothing, the part without one is empty rather than negative.
    return std::max(end, static_cast<Step>(std::llround(sum(0, open_, now))));
  }

  void check(std::size_t i, Step begin, Step end, const Clock& window) const {
    const std::string run = std::to_string(window.total) + " updates";
    if (end > window.total)
      fail("'" + text() + "' does not fit into " + run + ": stage '" + part_text(parts_[i]) +
           "' would end at update " + std::to_string(end));
    if (end <= begin)
      fail("'" + text() + "' does not fit into " + run + ": stage '" + part_text(parts_[i]) +
           "' is left without an update");
  }

  std::vector<Part> parts_;
  std::size_t open_;  ///< the part without a length; parts_.size() if there is none
};

/// Splits [begin, end) wherever either factor begins a stage, and names both.
void resolve_product(const Schedule& a, const Schedule& b, const Clock& window,
                     std::vector<Stage>& out) {
  std::vector<Stage> left;
  std::vector<Stage> right;
  a.append_stages(window, left);
  b.append_stages(window, right);
  Step begin = window.origin;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    const Step end = std::min(left[i].end, right[j].end);
    out.push_back({left[i].text + " * " + right[j].text, begin, end});
    begin = end;
    if (left[i].end == end) ++i;
    if (right[j].end == end) ++j;
  }
}

}  // namespace

Schedule chain(std::vector<Part> parts) {
  if (parts.empty()) fail("a chain needs at least one stage");
  int open = 0;
  double percents = 0.0;
  for (const Part& part : parts) {
    if (!part.length) {
      ++open;
      continue;
    }
    if (!(part.length->amount > 0.0) || !std::isfinite(part.length->amount))
      fail("stage '" + part.schedule.text() + "' has length " + part.length->text() +
           "; wanted above 0");
    if (part.length->unit == Length::Unit::percent) percents += part.length->amount;
  }
  if (open > 1)
    fail("two stages of a chain have no length; only one can take what the others leave");
  if (percents > 100.0 * (1.0 + 1e-12))
    fail("the stages of a chain add up to " + number_text(percents) + " %");
  if (parts.size() == 1 && open == 1) return parts[0].schedule;
  const bool watches =
      std::ranges::any_of(parts, [](const Part& p) { return p.schedule.watches_losses(); });
  const auto links = std::make_shared<const Chain>(std::move(parts));
  return {links->text(), Schedule::Binding::chain,
          [links](const Clock& now) { return (*links)(now); },
          [links](const Clock& window, std::vector<Stage>& out) { links->resolve(window, out); },
          watches};
}

Schedule repeat(int times, const Schedule& cycle) {
  if (times < 1) fail("repeat: times must be at least 1, got " + std::to_string(times));
  const Step n = times;
  // Cycle k owns [floor(k total / n), floor((k + 1) total / n)), in whole numbers throughout.
  const auto begin_of = [n](Step k, Step total) { return k * (total / n) + k * (total % n) / n; };
  return {"repeat(" + std::to_string(times) + ", " + cycle.text() + ")", Schedule::Binding::atom,
          [=](const Clock& now) {
            const Step step = std::clamp<Step>(now.step, 0, now.total - 1);
            Step k = std::min(((step + 1) * n - 1) / now.total, n - 1);  // the cycle step is in
            return cycle(now.stage(begin_of(k, now.total), begin_of(k + 1, now.total)));
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            if (n > window.total)
              fail("'repeat(" + std::to_string(times) + ", " + cycle.text() +
                   ")' does not fit into " + std::to_string(window.total) + " updates");
            for (Step k = 0; k < n; ++k)
              cycle.append_stages(
                  window.stage(begin_of(k, window.total), begin_of(k + 1, window.total)), out);
          },
          cycle.watches_losses()};
}

Schedule operator*(const Schedule& a, const Schedule& b) {
  // a * (b * c) keeps its parentheses: in floating point it is not (a * b) * c.
  return {a.text_in(Schedule::Binding::product) + " * " + b.text_in(Schedule::Binding::atom),
          Schedule::Binding::product, [=](const Clock& now) { return a(now) * b(now); },
          [=](const Clock& window, std::vector<Stage>& out) { resolve_product(a, b, window, out); },
          a.watches_losses() || b.watches_losses()};
}

Schedule operator*(double scale, const Schedule& s) {
  if (!(scale >= 0.0) || !std::isfinite(scale))
    fail("a scale is finite and >= 0, got " + number_text(scale));
  return Schedule(number_text(scale), [scale](const Clock&) { return scale; }) * s;
}

}  // namespace anneal::sched
