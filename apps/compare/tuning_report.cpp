#include "apps/compare/tuning_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/findings.h"
#include "apps/compare/judge.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/quote.h"
#include "apps/view/table.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

/// The common grid: a row for each schedule, and who would have won at each peak.
std::string grid_table(const Study& study) {
  const std::vector<Winner> winners = winners_by_peak(study);
  Row head{"schedule"};
  Row last{"the lowest at this peak"};
  for (const Winner& w : winners) {
    head.push_back(number_text(w.peak, 3));
    last.push_back(w.who != nullptr ? code(*w.who) : "–");
  }
  std::vector<Row> rows{head};
  for (const Contestant& one : study.contestants) {
    if (!one.tuned()) continue;
    double least = one.tuning_losses[0];
    std::vector<std::size_t> places;
    for (const Winner& w : winners) {
      const auto at = std::ranges::find(one.entrant.peaks, w.peak) - one.entrant.peaks.begin();
      places.push_back(static_cast<std::size_t>(at));
      if (places.back() < one.tuning_losses.size())
        least = std::min(least, one.tuning_losses[places.back()]);
    }
    Row row{code(one)};
    for (const std::size_t k : places) {
      if (k == one.entrant.peaks.size())
        row.emplace_back("–");
      else
        row.push_back(one.tuning_losses[k] == least ? "*" + loss_text(least) + "*"
                                                    : loss_text(one.tuning_losses[k]));
    }
    rows.push_back(std::move(row));
  }
  rows.push_back(std::move(last));
  return table(rows);
}

/// How each peak was found between the points of the grid, and what it may have cost.
std::string search_rows(const Study& study) {
  std::vector<Row> rows{{"schedule", "trials", "around the best: loss (seeds)", "peak",
                         "the grid costs", "grid and seeds may cost"}};
  for (const Contestant& one : study.contestants) {
    if (!one.tuned()) continue;
    std::string near;
    for (std::size_t k = 0; k < one.tuning.size(); ++k) {
      const double ratio = one.entrant.peaks[k] / one.peak();
      constexpr double far = 1.6;
      if (ratio > far || ratio < 1 / far) continue;
      near += fmt::format("{}{}: {} ({})", near.empty() ? "" : ", ",
                          number_text(one.entrant.peaks[k], 3), loss_text(one.tuning_losses[k]),
                          one.tuning[k].size());
    }
    rows.push_back({code(one), std::to_string(one.tuning_trials), near, number_text(one.peak(), 3),
                    one.cost ? fmt::format("{:.4f}", one.cost->grid) : "?",
                    one.cost ? fmt::format("{:.4f}", one.cost->may) : "?"});
  }
  return table(rows);
}

/// Whether a loss that is higher by `difference` may be due to the choice of this one's peak alone.
bool peak_may_explain(const Contestant& higher, double difference) {
  return higher.tuned() && (!higher.cost || higher.cost->may >= difference);
}

}  // namespace

std::string tuning_text(const Study& study) {
  if (std::ranges::none_of(study.contestants, &Contestant::tuned)) return "";
  const Comparison& c = study.comparison;
  std::string text = fmt::format(
      "## Validation loss at every peak, mean of {}\n\n{}\n"
      "*The best of each schedule.* A comparison at a single peak would crown the last row.",
      counted(std::ssize(c.tuning_seeds), "tuning seed"), grid_table(study));
  if (c.refinements == 0) return text + "\n\n";
  text += fmt::format(
      " Peaks that others are clearly better than have fewer seeds; their means are set right by "
      "the paired difference from the best.\n\n"
      "## The search for each peak\n\n{}\n"
      "By one rule for all: the grid, then the middles between the best and its neighbours, then "
      "the vertex of the parabola through them, with all seeds for those that are not clearly "
      "worse. The grid costs: the chosen peak's loss above that parabola's least. May cost: if the "
      "vertex is further away by three times its deviation (jackknife over the tuning seeds). ?: "
      "there "
      "is no parabola.\n\n",
      search_rows(study));
  return text;
}

std::string on_constants(const Study& study) {
  std::vector<std::string> chosen;
  for (const Contestant& one : study.contestants)
    if (!one.entrant.variants.empty())
      chosen.push_back(fmt::format("{} of the {} of {}, in {} trials", markdown_code(one.canonical),
                                   one.entrant.variants.size(), code(one), one.tuning_trials));
  if (study.contestants.size() == 1 && chosen.empty()) return "";
  if (chosen.empty()) return " This is at the given constants: only the peaks were tuned.";
  return " This is at the given constants, but for those that the tuning chose: " + joined(chosen) +
         ".";
}

std::vector<std::string> cautions_on_peaks(const Study& study) {
  std::vector<std::string> lines;
  const bool grid_alone = study.comparison.refinements == 0;
  if (grid_alone && std::ranges::any_of(study.contestants, &Contestant::tuned))
    lines.push_back(fmt::format(
        "The peaks are points of the grid, chosen with {}: how much of a difference comes of that "
        "choice cannot be told.",
        counted(std::ssize(study.comparison.tuning_seeds), "tuning seed")));
  for (std::size_t i = 0; i < study.contestants.size() && !grid_alone; ++i) {
    const Contestant& higher = study.contestants[i];
    std::vector<std::string> than;
    for (const Pair& pair : study.judgement.pairs) {
      if (pair.metric != 0 || pair.worse != i || pair.told() != Told::apart) continue;
      const Contestant& lower = study.contestants[pair.better];
      const double d = mean_of(higher.losses) - mean_of(lower.losses);
      if (peak_may_explain(higher, d)) than.push_back(fmt::format("{} by {:.4f}", code(lower), d));
    }
    if (than.empty()) continue;
    lines.push_back(fmt::format(
        "{} ends higher than {}, but what the choice of its peak costs {}.", code(higher),
        joined(than),
        higher.cost ? fmt::format("may be up to {:.4f}", higher.cost->may) : "cannot be told"));
  }
  std::vector<std::string> close;
  for (const Contestant& one : study.contestants)
    if (one.rival)
      close.push_back(fmt::format("{} ({} and {})", code(one), number_text(one.peak(), 3),
                                  number_text(one.entrant.peaks[*one.rival], 3)));
  if (!close.empty())
    lines.push_back("Two peaks are within noise of each other for " + joined(close) +
                    ": other tuning seeds might take the other.");
  return lines;
}

}  // namespace anneal::apps
