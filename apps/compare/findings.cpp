#include "apps/compare/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/figures.h"
#include "apps/compare/tuning_report.h"
#include "apps/view/quote.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::string code(const Contestant& one) {
  return markdown_code(one.entrant.name);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

/// Whether the two best can be told apart, and how many seeds it would take.
std::vector<std::string> on_the_two_best(const Study& study) {
  const std::vector<std::size_t> order = ranked(study.verdicts);
  if (order.size() < 2) return {};
  const Contestant& first = study.contestants[order[0]];
  const Contestant& second = study.contestants[order[1]];
  if (first.losses.size() < 2 || first.diverged() > 0 || second.diverged() > 0) return {};
  const std::vector<double> d = differences(first.losses, second.losses);
  const double needed = pairs_needed(mean_of(d), deviation_of(d));
  constexpr std::int64_t fewest = 6;  // 2^(1 - 6) is the first p below 5 %
  if (!std::isfinite(needed))
    return {fmt::format("{} and {} gave the same losses.", code(first), code(second))};
  return {
      fmt::format("If the two best, {} and {}, really differ by as much as here, it takes about "
                  "{} seeds to see it four times in five.",
                  code(first), code(second),
                  grouped(std::max(fewest, static_cast<std::int64_t>(std::ceil(needed)))))};
}

}  // namespace

std::string answer(const Study& study) {
  const auto& [comparison, conditions, contestants, verdicts] = study;
  if (contestants.size() == 1)
    return fmt::format("{} is alone: there is nothing to compare it with.", code(contestants[0]));
  std::vector<std::string> leaders;
  std::vector<std::string> better;
  std::vector<std::string> worse;
  const Contestant& base = contestants[comparison.baseline];
  for (const std::size_t i : ranked(verdicts)) {
    const bool differs = verdicts[i].p <= significant;
    const bool is_worse = differs && mean_of(contestants[i].losses) >= mean_of(base.losses);
    if (differs) (is_worse ? worse : better).push_back(code(contestants[i]));
    // The test against the baseline, of fewer pairs, sees more than that of all pairs.
    const bool beaten = is_worse || (i == comparison.baseline && !better.empty());
    if (verdicts[i].tier.find('a') != std::string::npos && !beaten)
      leaders.push_back(code(contestants[i]));
  }
  std::string text;
  if (leaders.size() == contestants.size())
    text = "No schedule leads: these seeds cannot tell the best from any other. ";
  else if (leaders.size() == 1)
    text = leaders[0] + " leads: it can be told from every other. ";
  else
    text = joined(leaders) + " lead; they cannot be told apart. ";
  const auto ends = [](const std::vector<std::string>& words) {
    return words.size() == 1 ? " ends " : " end ";
  };
  if (!better.empty()) text += joined(better) + ends(better) + "lower than " + code(base) + ". ";
  if (!worse.empty()) text += joined(worse) + ends(worse) + "higher than " + code(base) + ". ";
  if (better.empty() && worse.empty() && leaders.size() < contestants.size())
    text += "None differs significantly from " + code(base) + " after Holm's correction. ";
  text.pop_back();
  return text;
}

std::string at_which_rate(const Study& study) {
  const auto tuned = std::ranges::count_if(study.contestants, &Contestant::tuned);
  if (tuned == 0) return "at the rate that it was given";
  if (tuned == std::ssize(study.contestants)) return "at its own best peak";
  return "at its own best peak, or at the rate that it was given";
}

std::string on_the_baseline(const Study& study) {
  std::set<std::string> optimizers;
  for (const Contestant& one : study.contestants) optimizers.insert(one.entrant.optimizer.name);
  if (optimizers.size() < 2) return "";
  const Contestant& base = study.contestants[study.comparison.baseline];
  return fmt::format("All rows, whatever their optimizer, are compared with one baseline: {}.",
                     code(base));
}

std::vector<std::string> cautions(const Study& study) {
  const auto& [comparison, conditions, contestants, verdicts] = study;
  std::vector<std::string> lines;
  const auto pairs = static_cast<std::int64_t>(comparison.fresh_seeds.size());
  const auto others = static_cast<double>(contestants.size() - 1);
  if (others > 0 && least_sign_flip_p(pairs) * others > significant)
    lines.push_back(fmt::format(
        "With {} fresh seed{} no difference from the baseline can be significant: the "
        "least p is {:.3g}, times {} comparison{}. It takes {} seeds.",
        pairs, pairs == 1 ? "" : "s", least_sign_flip_p(pairs), others, others == 1 ? "" : "s",
        static_cast<int>(std::ceil(1.0 + std::log2(others / significant)))));
  if (others > 0 && least_sign_flip_p(pairs) > significant)
    lines.push_back(
        fmt::format("With {} fresh seed{} no two schedules can be told apart, unless one of them "
                    "diverges, and an interval is little more than the range of the seeds.",
                    pairs, pairs == 1 ? "" : "s"));
  for (const Contestant& one : contestants) {
    if (!one.tuned())
      lines.push_back(fmt::format("{} was not tuned: it runs at {}, as it was given.", code(one),
                                  number_text(one.peak(), 3)));
    if (one.best_is_at_the_edge())
      lines.push_back(
          fmt::format("The best peak of {} is at the edge of the grid: it might do better beyond; "
                      "--growth {} lets the grid follow it.",
                      code(one), comparison.growth + 3));
    if (one.diverged() > 0)
      lines.push_back(
          fmt::format("{} diverged with {} of {} fresh seeds: the loss was not finite, or ended "
                      "above {} times what it began with. They count as its failures: it is ranked "
                      "last there, and not tested.",
                      code(one), one.diverged(), one.losses.size(), run_off));
  }
  std::ranges::move(cautions_on_peaks(study), std::back_inserter(lines));
  std::ranges::move(on_the_two_best(study), std::back_inserter(lines));
  return lines;
}

std::vector<Winner> winners_by_peak(const Study& study) {
  std::set<double> peaks;
  for (const Contestant& one : study.contestants)
    if (one.tuned()) peaks.insert(one.common_peaks().begin(), one.common_peaks().end());
  std::vector<Winner> winners;
  for (const double peak : peaks) {
    Winner winner{.peak = peak};
    double least = std::numeric_limits<double>::infinity();
    for (const Contestant& one : study.contestants) {
      const auto at = std::ranges::find(one.entrant.peaks, peak);
      if (!one.tuned() || at == one.entrant.peaks.end()) continue;
      const double loss =
          one.tuning_losses[static_cast<std::size_t>(at - one.entrant.peaks.begin())];
      if (loss < least) {
        least = loss;
        winner.who = &one;
      }
    }
    winners.push_back(winner);
  }
  return winners;
}

}  // namespace anneal::apps
