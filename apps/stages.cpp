#include "apps/stages.h"

#include <fmt/format.h>

#include <algorithm>

namespace anneal::apps {

std::string note_on(std::span<const sched::Stage> stages) {
  for (const sched::Stage& stage : stages)
    if (stage.used < 0.5)
      return fmt::format(
          "only {:.2g} % of the curve of '{}' is reached: it was planned for a longer run",
          100.0 * stage.used, stage.text);
  const sched::Stage& last = stages.back();
  if (last.text.ends_with("hold") && last.end - last.begin > last.begin)
    return fmt::format("the schedule is over after {} of {} updates, and holds its last value",
                       last.begin, last.end);
  return {};
}

std::string note_on_rate(const sched::Schedule& schedule, const std::string& text,
                         std::int64_t total_steps, std::int64_t steps_per_epoch) {
  constexpr double vanishing = 1e-6;
  constexpr double much = 0.1;
  constexpr std::int64_t most_looks = 10'000;
  const std::int64_t looks = std::min(total_steps, most_looks);
  std::vector<double> factors;
  for (std::int64_t i = 0; i < looks; ++i) {
    const auto step = static_cast<std::int64_t>(
        static_cast<double>(i) * static_cast<double>(total_steps) / static_cast<double>(looks));
    factors.push_back(schedule(sched::Clock::at(step, total_steps, steps_per_epoch)));
  }
  const double peak = std::ranges::max(factors);
  if (!(peak > 0.0)) return fmt::format("the rate of '{}' is 0: nothing is learned", text);
  const auto vanished =
      std::ranges::count_if(factors, [&](double f) { return f < vanishing * peak; });
  const double share = static_cast<double>(vanished) / static_cast<double>(looks);
  if (share <= much) return {};
  return fmt::format(
      "the rate of '{0}' is below a millionth of its peak for {1:.0f} % of the updates: nothing is "
      "learned there. If it counts epochs, write per_epoch({0})",
      text, 100.0 * share);
}

std::vector<std::string> notes_on(const TrainingPlan& plan, const std::string& schedule) {
  std::vector<std::string> notes{note_on(plan.stages)};
  const auto on_rate = [&](const sched::Schedule& s, const std::string& text) {
    notes.push_back(note_on_rate(s, text, plan.total_steps, plan.steps_per_epoch));
  };
  on_rate(plan.schedule, schedule);
  for (const LrGroup& group : plan.lr_groups) on_rate(group.schedule, group.schedule.text());
  std::erase(notes, "");
  return notes;
}

}  // namespace anneal::apps
