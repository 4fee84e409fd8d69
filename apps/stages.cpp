#include "apps/stages.h"

#include <fmt/format.h>

#include <algorithm>

#include "sched/memory.h"

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

namespace {

/// The factors of the run's updates, or of as many as are soon asked, evenly spread.
std::vector<double> factors_of(const sched::Schedule& schedule, std::int64_t total_steps,
                               std::int64_t steps_per_epoch) {
  constexpr std::int64_t most_looks = 10'000;
  const std::int64_t looks = std::min(total_steps, most_looks);
  std::vector<double> factors;
  sched::Memory memory;
  for (std::int64_t i = 0; i < looks; ++i) {
    const auto step = static_cast<std::int64_t>(
        static_cast<double>(i) * static_cast<double>(total_steps) / static_cast<double>(looks));
    factors.push_back(schedule(sched::Clock::at(step, total_steps, steps_per_epoch, {}, &memory)));
  }
  return factors;
}

/// "torch.StepLR(step_size=30)" is a call of another system's schedule.
bool is_call(std::string_view text) {
  const std::size_t end =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
  return end != std::string_view::npos && end > 0 && text[end] == '.';
}

/// What to write instead, unless epochs are spoken of already.
std::string advice(const std::string& text) {
  if (text.find("per_epoch(") != std::string::npos) return {};
  return fmt::format(" If it counts epochs, write per_epoch({})", text);
}

}  // namespace

std::string note_on_rate(const sched::Schedule& schedule, const std::string& text,
                         std::int64_t total_steps, std::int64_t steps_per_epoch) {
  constexpr double vanishing = 1e-6;
  constexpr double much = 0.1;
  const std::vector<double> factors = factors_of(schedule, total_steps, steps_per_epoch);
  const double peak = std::ranges::max(factors);
  if (!(peak > 0.0)) return fmt::format("the rate of '{}' is 0: nothing is learned", text);
  const auto vanished =
      std::ranges::count_if(factors, [&](double f) { return f < vanishing * peak; });
  const double share = static_cast<double>(vanished) / static_cast<double>(factors.size());
  if (share <= much) return {};
  return fmt::format(
             "the rate of '{}' is below a millionth of its peak for {:.0f} % of the updates: "
             "nothing is learned there.",
             text, 100.0 * share) +
         advice(text);
}

std::string note_on_epochs(const sched::Schedule& schedule, const std::string& text,
                           std::int64_t total_steps, std::int64_t steps_per_epoch) {
  constexpr std::int64_t enough = 10;  // updates an epoch, and so of the run to each of the first
  constexpr double most = 0.9;
  const std::int64_t epochs = total_steps / steps_per_epoch;
  if (!is_call(text) || schedule.watches_losses() || epochs < 2 || steps_per_epoch < enough)
    return {};
  const auto [low, high] = std::ranges::minmax(factors_of(schedule, total_steps, steps_per_epoch));
  std::vector<double> first;
  for (std::int64_t step = 0; step <= epochs; ++step)
    first.push_back(schedule(sched::Clock::at(step, total_steps, steps_per_epoch)));
  const auto [first_low, first_high] = std::ranges::minmax(first);
  if (high == low || first_high - first_low < most * (high - low)) return {};
  return fmt::format("'{}' goes through all its rates in the first {} of {} updates.", text, epochs,
                     total_steps) +
         advice(text);
}

std::vector<std::string> notes_on(const TrainingPlan& plan, const std::string& schedule) {
  std::vector<std::string> notes{note_on(plan.stages)};
  const auto on_rate = [&](const sched::Schedule& s, const std::string& text) {
    notes.push_back(note_on_rate(s, text, plan.total_steps, plan.steps_per_epoch));
    if (notes.back().empty())
      notes.push_back(note_on_epochs(s, text, plan.total_steps, plan.steps_per_epoch));
  };
  on_rate(plan.schedule, schedule);
  for (const LrGroup& group : plan.lr_groups) on_rate(group.schedule, group.schedule.text());
  std::erase(notes, "");
  return notes;
}

}  // namespace anneal::apps
