#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "sched/schedule.h"

/// What the combinators have in common.
namespace anneal::sched {

std::shared_ptr<const Form> form_of(const char* name, std::vector<Value> values, const Schedule& s);

// ---- why a combinator cannot take a schedule, or nothing if it can ----------------------------

/// The losses of a run arrive in its own time and in no other.
std::string refusal_to_move(const Schedule& s);
/// What follows the losses counts evaluations, whenever they are.
std::string refusal_to_count_epochs(const Schedule& s);
/// A product over the past has no other end to begin at.
std::string refusal_to_reverse(const Schedule& s);
/// Each update would ask a product for too many factors.
std::string refusal_to_stretch(double times, const Schedule& s);
/// The first update would ask a product for too many factors.
std::string refusal_to_skip(Length skipped, const Schedule& s);
/// Of a whole expression: too many parts or levels.
std::string refusal_of(const Extent& extent);

// ---- stages ----------------------------------------------------------------------------------

/// A window of updates of the same epochs that begins at its own zero.
Clock window_of(double total, double steps_per_epoch);

std::vector<Stage> inner_stages(const Schedule& s, const Clock& window);

/// What stages take, in bytes; see limits::stage_text.
std::size_t size_of(const Stage& stage);
std::size_t size_of(const std::vector<Stage>& stages);

/// The whole window as one stage.
Stage one_stage(std::string text, const Clock& window);

/// Appends inner stages, their boundaries mapped into a window and cut off at its end. What
/// rounding leaves at either end of the window belongs to the stage there.
template <class Map, class Wrap>
void append_mapped(const std::vector<Stage>& inner, const Clock& window, Map map, Wrap wrap,
                   double used, std::vector<Stage>& out) {
  const std::size_t first = out.size();
  for (const Stage& stage : inner) {
    const auto place = [&](Step boundary) {
      const double mapped = std::round(map(static_cast<double>(boundary)));
      return std::llround(window.origin + std::clamp(mapped, 0.0, window.total));
    };
    const Step begin = std::min(place(stage.begin), place(stage.end));
    const Step end = std::max(place(stage.begin), place(stage.end));
    if (begin < end) out.push_back({wrap(stage.text), begin, end, std::min(used, stage.used)});
  }
  const Stage whole = one_stage({}, window);
  if (first == out.size()) out.push_back({wrap(inner.back().text), whole.begin, whole.end, used});
  out[first].begin = whole.begin;
  out.back().end = whole.end;
}

}  // namespace anneal::sched
