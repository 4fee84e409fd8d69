#include <algorithm>
#include <cmath>

#include "sched/algebra.h"
#include "sched/fail.h"

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

  double operator()(Clock now) const {
    now.step = now.elapsed();  // where the run ends it ends, also in the middle of a stage
    std::size_t i = 0;
    double begin = 0;
    double end = boundary(0, now);
    while (i + 1 < parts_.size() && now.step >= end) {
      begin = end;
      end = boundary(++i, now);
    }
    return parts_[i].schedule(now.stage(begin, end));
  }

  void resolve(const Clock& window, std::vector<Stage>& out) const {
    double begin = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const double end = boundary(i, window);
      check(i, begin, end, window);
      parts_[i].schedule.append_stages(window.stage(begin, end), out);
      begin = end;
    }
    if (begin < window.total)
      out.push_back({"hold", std::llround(window.origin + begin),
                     std::llround(window.origin + window.total)});
  }

  std::vector<double> ends(const Clock& window) const {
    std::vector<double> all;
    for (std::size_t i = 0; i < parts_.size(); ++i) all.push_back(boundary(i, window));
    return all;
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
    for (std::size_t i = from; i < to; ++i) sum += parts_[i].length->in(now);
    return sum;
  }

  /// Where part i ends: counted from the start of the chain up to the part without a length, and
  /// from its end after that.
  double boundary(std::size_t i, const Clock& now) const {
    if (i < open_) return std::round(sum(0, i + 1, now));
    const double end = now.total - std::round(sum(i + 1, parts_.size(), now));
    // Where the lengths leave nothing, the part without one is empty rather than negative.
    return std::max(end, std::round(sum(0, open_, now)));
  }

  void check(std::size_t i, double begin, double end, const Clock& window) const {
    const std::string run = number_text(window.total) + " updates";
    if (end > window.total)
      fail("'" + text() + "' does not fit into " + run + ": stage '" + part_text(parts_[i]) +
           "' would end at update " + number_text(end));
    if (end <= begin)
      fail("'" + text() + "' does not fit into " + run + ": stage '" + part_text(parts_[i]) +
           "' is left without an update");
  }

  std::vector<Part> parts_;
  std::size_t open_;  ///< the part without a length; parts_.size() if there is none
};

}  // namespace

std::vector<double> boundaries(const std::vector<Part>& parts, const Clock& window) {
  return Chain(parts).ends(window);
}

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
  auto form = std::make_shared<const Form>(Form{"|", {}, parts});
  const auto links = std::make_shared<const Chain>(std::move(parts));
  return {links->text(),
          Schedule::Binding::chain,
          [links](const Clock& now) { return (*links)(now); },
          [links](const Clock& window, std::vector<Stage>& out) { links->resolve(window, out); },
          std::move(form),
          watches};
}

}  // namespace anneal::sched
