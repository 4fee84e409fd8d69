// The combinators that change the time that a schedule is evaluated at.
#include <cmath>

#include "sched/algebra.h"
#include "sched/combine.h"
#include "sched/fail.h"
#include "sched/limits.h"

namespace anneal::sched {
namespace {

using Binding = Schedule::Binding;

void refuse_if(const char* name, const std::string& refusal) {
  if (!refusal.empty()) fail(name + (": " + refusal));
}

/// Beyond that, one update cannot be told from the next.
double not_too_long(double total, const std::string& text) {
  if (total <= limits::updates) return total;
  fail("'" + shown(text) + "' is evaluated in a run of " + number_text(total) +
       " updates; at most " + number_text(limits::updates));
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
  return {
      text,
      Binding::atom,
      [=](const Clock& now) {
        const double step = std::clamp(now.step, 0.0, std::max(now.total - 1.0, 0.0));
        double k = std::min(std::floor(step * n / now.total), n - 1.0);
        while (k + 1.0 < n && begin_of(k + 1.0, now.total) <= step) ++k;
        return cycle(now.stage(begin_of(k, now.total), begin_of(k + 1.0, now.total)));
      },
      [=](const Clock& window, std::vector<Stage>& out) {
        if (n > window.total)
          fail("'" + shown(text) + "' does not fit into " + number_text(window.total) + " updates");
        const std::size_t first = out.size();
        for (double k = 0; k < n; ++k) {
          cycle.append_stages(
              window.stage(begin_of(k, window.total), begin_of(k + 1.0, window.total)), out);
          if (k > 0.0) continue;
          std::size_t size = 0;
          for (std::size_t i = first; i < out.size(); ++i) size += size_of(out[i]);
          if (static_cast<double>(size) * n <= static_cast<double>(limits::stage_text)) continue;
          out.resize(first);
          out.push_back(one_stage(text, window));
          return;
        }
      },
      form_of("repeat", {times}, cycle),
      cycle.watches_losses()};
}

Schedule reverse(const Schedule& s) {
  refuse_if("reverse", refusal_to_reverse(s));
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
  refuse_if("stretch", refusal_to_stretch(times, s));
  const std::string head = "stretch(" + number_text(times) + ", ";
  const std::string text = head + s.text() + ")";
  auto form = form_of("stretch", {times}, s);
  Extent extent = extent_of(*form);
  extent.pace /= times;
  return {text,
          Binding::atom,
          [=](const Clock& now) {
            Clock slow = now;
            slow.step = now.elapsed() / times;
            slow.total = not_too_long(now.total / times, text);
            return s(slow);
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            const double total = not_too_long(window.total / times, text);
            append_mapped(
                inner_stages(s, window_of(total, window.steps_per_epoch)), window,
                [&](double t) { return t * times; },
                [&](const std::string& inner) { return head + inner + ")"; }, 1.0, out);
          },
          std::move(form),
          false,
          extent};
}

namespace {

/// The moment with epochs for updates. A stage that ends within an epoch ends with it.
Clock in_epochs(const Clock& now) {
  Clock slow = now;
  slow.steps_per_epoch = 1.0;
  slow.total = std::max(std::ceil(now.total / now.epoch()), 1.0);
  slow.step = now.step >= now.total ? slow.total : std::floor(now.elapsed() / now.epoch());
  return slow;
}

}  // namespace

Schedule per_epoch(const Schedule& s) {
  refuse_if("per_epoch", refusal_to_count_epochs(s));
  return {"per_epoch(" + s.text() + ")",
          Binding::atom,
          [=](const Clock& now) { return s(in_epochs(now)); },
          [=](const Clock& window, std::vector<Stage>& out) {
            append_mapped(
                inner_stages(s, window_of(in_epochs(window).total, 1.0)), window,
                [&](double t) { return t * window.steps_per_epoch; },
                [](const std::string& inner) { return "per_epoch(" + inner + ")"; }, 1.0, out);
          },
          form_of("per_epoch", {}, s),
          false};
}

Schedule offset(Length skipped, const Schedule& s) {
  if (!(skipped.amount >= 0.0) || !std::isfinite(skipped.amount))
    fail("offset: a length cannot be negative, got " + skipped.text());
  refuse_if("offset", refusal_to_skip(skipped, s));
  const std::string head = "offset(" + skipped.text() + ", ";
  const std::string text = head + s.text() + ")";
  return {text,
          Binding::atom,
          [=](const Clock& now) {
            const double missed = skipped.in(now);
            Clock early = now;
            early.step = now.elapsed() + missed;
            early.total = not_too_long(now.total + missed, text);
            return s(early);
          },
          [=](const Clock& window, std::vector<Stage>& out) {
            const double missed = skipped.in(window);
            const double total = not_too_long(window.total + missed, text);
            append_mapped(
                inner_stages(s, window_of(total, window.steps_per_epoch)), window,
                [&](double t) { return t - missed; },
                [&](const std::string& inner) { return head + inner + ")"; }, 1.0, out);
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

}  // namespace

Schedule over(Length planned, const Schedule& s) {
  if (!(planned.amount > 0.0) || !std::isfinite(planned.amount))
    fail("over: wanted a length above 0, got " + planned.text());
  const std::string text = "over(" + planned.text() + ", " + s.text() + ")";
  const auto total = [=](const Clock& now) {
    return not_too_long(std::max(planned.steps_in(now), 1.0), text);
  };
  return {text,
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
          [=](const Clock& now) { return s(as_of(limits::forever, now)); },
          [=](const Clock& window, std::vector<Stage>& out) {
            resolve_over(s, limits::forever, 1.0, window, out);
          },
          form_of("endless", {}, s),
          s.watches_losses()};
}

}  // namespace anneal::sched
