#include <algorithm>
#include <cmath>

#include "sched/algebra.h"
#include "sched/combine.h"
#include "sched/fail.h"
#include "sched/limits.h"

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
    double sum = 0.0;
    double begin = 0.0;
    for (std::size_t i = 0; i < open_; ++i) {
      const double end = std::round(sum += parts_[i].length->in(now));
      if (now.step < end || i + 1 == parts_.size())
        return parts_[i].schedule(now.stage(begin, end));
      begin = end;
    }
    // From the end backwards: where the lengths leave nothing, the part without one is empty rather
    // than negative.
    const double middle = begin;
    double end = std::max(now.total, middle);
    sum = 0.0;
    for (std::size_t i = parts_.size() - 1; i > open_; --i) {
      begin = std::max(now.total - std::round(sum += parts_[i].length->in(now)), middle);
      if (now.step >= begin) return parts_[i].schedule(now.stage(begin, end));
      end = begin;
    }
    return parts_[open_].schedule(now.stage(middle, end));
  }

  void resolve(const Clock& window, std::vector<Stage>& out) const {
    const std::size_t first = out.size();
    const std::vector<double> ends = this->ends(window);
    double begin = 0;
    std::size_t size = 0;
    bool told = true;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      check(i, begin, ends[i], window);
      const std::size_t inner = out.size();
      parts_[i].schedule.append_stages(window.stage(begin, ends[i]), out);
      for (std::size_t k = inner; k < out.size(); ++k) size += size_of(out[k]);
      told = told && size <= limits::stage_text;
      if (!told) out.resize(first);
      begin = ends[i];
    }
    if (!told) return out.push_back(one_stage(text(), window));
    if (begin < window.total)
      out.push_back({"hold", std::llround(window.origin + begin),
                     std::llround(window.origin + window.total)});
  }

  /// Where each part ends: counted from the start of the chain up to the part without a length, and
  /// from its end after that.
  std::vector<double> ends(const Clock& now) const {
    std::vector<double> ends(parts_.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < open_; ++i) ends[i] = std::round(sum += parts_[i].length->in(now));
    const double middle = open_ == 0 ? 0.0 : ends[open_ - 1];
    sum = 0.0;
    for (std::size_t i = parts_.size(); i-- > open_;) {
      ends[i] = std::max(now.total - std::round(sum), middle);
      if (i > open_) sum += parts_[i].length->in(now);
    }
    return ends;
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

  void check(std::size_t i, double begin, double end, const Clock& window) const {
    if (begin < end && end <= window.total) return;
    const std::string stage = "'" + shown(text()) + "' does not fit into " +
                              number_text(window.total) + " updates: stage '" +
                              shown(part_text(parts_[i])) + "' ";
    fail(stage + (end > window.total ? "would end at update " + number_text(end)
                                     : "is left without an update"));
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
  std::erase_if(parts, [](const Part& part) { return part.length && part.length->amount == 0.0; });
  if (parts.empty()) fail("every stage of the chain has length 0");
  int open = 0;
  double percents = 0.0;
  for (const Part& part : parts) {
    if (!part.length) {
      ++open;
      continue;
    }
    if (!(part.length->amount > 0.0) || !std::isfinite(part.length->amount))
      fail("stage '" + shown(part.schedule.text()) + "' has length " + part.length->text() +
           "; wanted 0 or more");
    if (part.length->unit == Length::Unit::percent) percents += part.length->amount;
  }
  if (open > 1)
    fail("two stages of a chain have no length; only one can take what the others leave");
  if (percents > 100.0 * (1.0 + 1e-12))
    fail("the stages of a chain add up to " + number_text(percents) + " %");
  if (parts.size() == 1 && open == 1) return parts[0].schedule;
  const bool watches =
      std::ranges::any_of(parts, [](const Part& p) { return p.schedule.watches_losses(); });
  const auto form = std::make_shared<const Form>(Form{"|", {}, parts});
  const auto links = std::make_shared<const Chain>(std::move(parts));
  return {links->text(),
          Schedule::Binding::chain,
          [links](const Clock& now) { return (*links)(now); },
          [links](const Clock& window, std::vector<Stage>& out) { links->resolve(window, out); },
          form,
          watches};
}

}  // namespace anneal::sched
