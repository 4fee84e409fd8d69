#include "apps/compare/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/figures.h"
#include "apps/compare/tuning_report.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/quote.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::vector<std::string> names_of(const Study& study) {
  std::vector<std::string> names;
  for (const Contestant& one : study.contestants) names.push_back(code(one));
  return names;
}

/// Whether the two best can be told apart, and how many seeds it would take.
std::vector<std::string> on_the_two_best(const Study& study) {
  const Judgement& judgement = study.judgement;
  const std::vector<std::size_t> order = ranked(study.verdicts());
  if (order.size() < 2 || judgement.rounds < fewest_for_interval) return {};
  const Contestant& first = study.contestants[order[0]];
  const Contestant& second = study.contestants[order[1]];
  if (first.diverged() > 0 || second.diverged() > 0) return {};
  const std::vector<double> d = differences(first.losses, second.losses);
  const std::optional<std::int64_t> needed = seeds_needed(d, judgement);
  if (!needed)
    return {fmt::format("{} and {} gave the same mean loss.", code(first), code(second))};
  return {
      fmt::format("If the two best, {} and {}, really differ by as much as here, it takes at most "
                  "about {} seeds "
                  "to claim it four times in five.",
                  code(first), code(second), grouped(*needed))};
}

}  // namespace

std::string code(const Contestant& one) {
  return markdown_code(one.entrant.name);
}

std::string answer(const Study& study) {
  return headline(study.judgement, names_of(study));
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
  const Comparison& comparison = study.comparison;
  const std::vector<Contestant>& contestants = study.contestants;
  const Judgement& judgement = study.judgement;
  std::vector<std::string> lines = reservations(judgement, names_of(study));
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
      lines.push_back(fmt::format(
          "{} diverged with {} of {}: the loss was not finite, or ended "
          "above {} times what it began with. They count as its failures: it is ranked "
          "last there, not tested, and without a tier.",
          code(one), one.diverged(), counted(std::ssize(one.losses), "fresh seed"), run_off));
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
