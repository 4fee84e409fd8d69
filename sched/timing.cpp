// The combinators that change the time that a schedule is evaluated at.
#include <cmath>

#include "sched/algebra.h"
#include "sched/fail.h"
#include "sched/memory.h"

namespace anneal::sched {
namespace {

using Binding = Schedule::Binding;

std::shared_ptr<const Form> form_of(const char* name, std::vector<Value> values,
                                    const Schedule& s) {
  return std::make_shared<const Form>(Form{name, std::move(values), {{s}}});
}

/// The losses of a run arrive in its own time and in no other.
void refuse_watcher(const char* name, const Schedule& s) {
  if (s.watches_losses())
    fail(std::string(name) + ": '" + s.text() +
         "' follows the losses, which cannot be moved in time");
}

/// A window of updates of the same epochs that begins at its own zero.
Clock window_of(double total, double steps_per_epoch, double origin = 0.0) {
  return {.total = total, .steps_per_epoch = steps_per_epoch, .origin = origin};
}

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
  const Step begin = std::llround(window.origin);
  const Step end = std::llround(window.origin + window.total);
  if (first == out.size()) out.push_back({wrap(inner.back().text), begin, end, used});
  out[first].begin = begin;
  out.back().end = end;
}

std::vector<Stage> inner_stages(const Schedule& s, const Clock& window) {
  std::vector<Stage> stages;
  s.append_stages(window, stages);
  return stages;
}

}  // namespace

Schedule repeat(int times, const Schedule& cycle) {
  if (times < 1) fail("repeat: times must be at least 1, got " + std::to_string(times));
  const double n = times;
  const std::string text = "repeat(" + std::to_string(times) + ", " + cycle.text() + ")";
  // Cycle k owns the whole updates [floor(k total / n), floor((k + 1) total / n)).
  const auto begin_of = [n](double k, double total) {
    return k == n ? total : std::floor(k * total / n);
  };
  return {text,
          Binding::atom,
          [=](const Clock& now) {
            const double step = std::clamp(now.step, 0.0, std::max(now.total - 1.0, 0.0));
            double k = std::min(std::floor(step * n / now.total), n - 1.0);
            while (k + 1.0 < n && begin_of(k + 1.0, now.total) <= step) ++k;
            return cycle(now.stage(begin_of(k, now.total), begin_of(k + 1.0, now.total)));
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            if (n > window.total)
              fail("'" + text + "' does not fit into " + number_text(window.total) + " updates");
            for (double k = 0; k < n; ++k)
              cycle.append_stages(
                  window.stage(begin_of(k, window.total), begin_of(k + 1.0, window.total)), out);
          },
          form_of("repeat", {times}, cycle),
          cycle.watches_losses()};
}

namespace {

struct Cycle {
  double begin;
  double length;
  double peak;  ///< decay^index
  int index;
};

/// The cycle that holds `at`, or, if `last`, the one that ends there. Found by adding lengths up:
/// a logarithm would miss a boundary now and then.
Cycle find_cycle(const Cycles& how, const Clock& now, double at, bool last) {
  const double first = std::max(how.first.in(now), 1e-9);
  if (how.growth == 1.0) {
    double index = std::floor(at / first);
    if (last && index > 0.0 && index * first >= at) --index;
    if (how.limit > 0) index = std::min(index, static_cast<double>(how.limit));
    return {index * first, first, std::pow(how.decay, index), static_cast<int>(index)};
  }
  Cycle cycle{0.0, first, 1.0, 0};
  while (how.limit == 0 || cycle.index < how.limit) {
    const double end = cycle.begin + cycle.length;
    if (last ? end >= at : end > at) break;
    cycle = {end, cycle.length * how.growth, cycle.peak * how.decay, cycle.index + 1};
  }
  return cycle;
}

std::string cycles_text(const Cycles& how, const Schedule& s) {
  const Cycles initial;
  std::string text = "cycles(" + how.first.text();
  const auto add = [&](const char* key, double value, double usual) {
    if (value != usual) text += std::string(", ") + key + "=" + number_text(value);
  };
  add("growth", how.growth, initial.growth);
  add("decay", how.decay, initial.decay);
  add("limit", how.limit, initial.limit);
  add("floor", how.floor, initial.floor);
  return text + ", " + s.text() + ")";
}

}  // namespace

Schedule cycles(const Cycles& how, const Schedule& s) {
  if (!(how.first.amount > 0.0) || !std::isfinite(how.first.amount))
    fail("cycles: the first length must be above 0, got " + how.first.text());
  if (!(how.growth >= 1.0) || !std::isfinite(how.growth))
    fail("cycles: growth must be at least 1, got " + number_text(how.growth));
  if (!(how.decay > 0.0) || !std::isfinite(how.decay))
    fail("cycles: decay must be above 0, got " + number_text(how.decay));
  if (how.limit < 0) fail("cycles: limit must not be negative, got " + std::to_string(how.limit));
  if (!(how.floor >= 0.0) || !std::isfinite(how.floor))
    fail("cycles: floor must not be negative, got " + number_text(how.floor));
  return {cycles_text(how, s),
          Binding::atom,
          [=](const Clock& now) {
            Clock held = now;
            held.step = now.elapsed();
            const Cycle cycle = find_cycle(how, now, held.step, now.step >= now.total);
            if (how.limit > 0 && cycle.index >= how.limit) return how.floor;
            const double shape = s(held.stage(cycle.begin, cycle.begin + cycle.length));
            return how.floor + (cycle.peak - how.floor) * shape;
          },
          nullptr,
          form_of("cycles", {how.first, how.growth, how.decay, how.limit, how.floor}, s),
          s.watches_losses()};
}

Schedule reverse(const Schedule& s) {
  refuse_watcher("reverse", s);
  return {"reverse(" + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) {
            Clock mirrored = now;
            mirrored.step = now.total - now.elapsed();
            return s(mirrored);
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            std::vector<Stage> inner =
                inner_stages(s, window_of(window.total, window.steps_per_epoch));
            std::ranges::reverse(inner);
            append_mapped(
                inner, window, [&](double t) { return window.total - t; },
                [](const std::string& text) { return "reverse(" + text + ")"; }, 1.0, out);
          },
          form_of("reverse", {}, s),
          false};
}

Schedule stretch(double times, const Schedule& s) {
  if (!(times > 0.0) || !std::isfinite(times))
    fail("stretch: wanted a number above 0, got " + number_text(times));
  refuse_watcher("stretch", s);
  const std::string head = "stretch(" + number_text(times) + ", ";
  return {head + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) {
            Clock slow = now;
            slow.step = now.step / times;
            slow.total = now.total / times;
            return s(slow);
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            const auto inner =
                inner_stages(s, window_of(window.total / times, window.steps_per_epoch));
            append_mapped(
                inner, window, [&](double t) { return t * times; },
                [&](const std::string& text) { return head + text + ")"; }, 1.0, out);
          },
          form_of("stretch", {times}, s),
          false};
}

Schedule offset(Length skipped, const Schedule& s) {
  if (!(skipped.amount >= 0.0) || !std::isfinite(skipped.amount))
    fail("offset: a length cannot be negative, got " + skipped.text());
  refuse_watcher("offset", s);
  const std::string head = "offset(" + skipped.text() + ", ";
  return {head + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) {
            const double missed = skipped.in(now);
            Clock early = now;
            early.step = now.elapsed() + missed;
            early.total = now.total + missed;
            return s(early);
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            const double missed = skipped.in(window);
            append_mapped(
                inner_stages(s, window_of(window.total + missed, window.steps_per_epoch)), window,
                [&](double t) { return t - missed; },
                [&](const std::string& text) { return head + text + ")"; }, 1.0, out);
          },
          form_of("offset", {skipped}, s),
          false};
}

namespace {

/// The stages of a run of `planned` updates, cut off at the end of the window or held up to it.
void resolve_over(const Schedule& s, double planned, double used, const Clock& window,
                  std::vector<Stage>& out) {
  Clock reached = window;
  reached.total = std::min(planned, window.total);
  append_mapped(
      inner_stages(s, window_of(planned, window.steps_per_epoch)), reached,
      [](double t) { return t; }, [](const std::string& text) { return text; }, used, out);
  if (planned < window.total)
    out.push_back({"hold", std::llround(window.origin + planned),
                   std::llround(window.origin + window.total)});
}

Clock as_of(double planned, Clock now) {
  now.step = now.elapsed();
  now.total = planned;
  return now;
}

constexpr double forever = 1e15;  // updates; still exact as an integer

}  // namespace

Schedule over(Length planned, const Schedule& s) {
  if (!(planned.amount > 0.0) || !std::isfinite(planned.amount))
    fail("over: wanted a length above 0, got " + planned.text());
  const auto total = [planned](const Clock& now) { return std::max(planned.steps_in(now), 1.0); };
  return {"over(" + planned.text() + ", " + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) { return s(as_of(total(now), now)); },
          [=](const Clock& window, std::vector<Stage>& out) {
            const double steps = total(window);
            resolve_over(s, steps, std::min(1.0, window.total / steps), window, out);
          },
          form_of("over", {planned}, s),
          s.watches_losses()};
}

Schedule endless(const Schedule& s) {
  return {"endless(" + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) { return s(as_of(forever, now)); },
          [=](const Clock& window, std::vector<Stage>& out) {
            resolve_over(s, forever, 1.0, window, out);
          },
          form_of("endless", {}, s),
          s.watches_losses()};
}

Schedule cumulative(const Schedule& s) {
  refuse_watcher("cumulative", s);
  struct Product {
    Schedule s;
    double operator()(const Clock& now) const {
      const double last = std::floor(now.elapsed());
      Memory::Place nothing;
      Memory::Place& place = now.memory == nullptr ? nothing : now.memory->of(this);
      const auto taken = static_cast<double>(place.seen);
      if (!place.state || place.origin != now.origin || taken > last)
        place = {.who = this, .origin = now.origin, .state = std::make_shared<double>(1.0)};
      double& product = *static_cast<double*>(place.state.get());
      while (static_cast<double>(place.seen) < last) {
        Clock then = now;
        then.step = static_cast<double>(++place.seen);
        product *= s(then);
      }
      return product;
    }
  };
  return {"cumulative(" + s.text() + ")", Binding::atom, Product{s}, nullptr,
          form_of("cumulative", {}, s),   false};
}

std::span<const Combinator> combinators() {
  static constexpr std::array all{
      Combinator{"repeat", "repeat(3, a)", "3 cycles that fill the stage"},
      Combinator{"cycles", "cycles(10, growth=2, decay=0.5, limit=4, floor=0.1, a)",
                 "cycles of given lengths: warm restarts of any curve"},
      Combinator{"clamp", "clamp(0.1, 1, a)", "never below 0.1, never above 1"},
      Combinator{"max", "max(a, b)", "the higher of the two"},
      Combinator{"min", "min(a, b)", "the lower of the two"},
      Combinator{"reverse", "reverse(a)", "from its end to its beginning"},
      Combinator{"stretch", "stretch(2, a)", "all lengths twice as long"},
      Combinator{"offset", "offset(10%, a)", "as though it had begun 10% earlier"},
      Combinator{"over", "over(500, a)", "as in a run of 500 updates: cut off or held"},
      Combinator{"endless", "endless(a)", "as in a run without an end"},
      Combinator{"cumulative", "cumulative(a)", "the product of a's factors so far"},
  };
  return all;
}

}  // namespace anneal::sched
