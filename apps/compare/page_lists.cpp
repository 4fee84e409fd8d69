// The tables of single trials: what the CSV files hold, as the page shows it.
#include <fmt/format.h>

#include <algorithm>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/page_table.h"
#include "apps/compare/page_tables.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/text.h"

namespace anneal::apps {
std::string peaks_table(const Study& study) {
  const std::vector<Winner> winners = winners_by_peak(study);
  Table table("peaks", "Validation loss at every peak, mean of " +
                           counted(std::ssize(study.comparison.tuning_seeds), "tuning seed"));
  table.head("schedule", "word");
  for (const Winner& w : winners) table.head(number_text(w.peak, 3));
  for (std::size_t i = 0; i < study.contestants.size(); ++i) {
    const Contestant& one = study.contestants[i];
    if (!one.tuned()) continue;
    table.row(i);
    table.name(one, i);
    for (const Winner& w : winners) {
      const auto at = std::ranges::find(one.entrant.peaks, w.peak) - one.entrant.peaks.begin();
      const auto k = static_cast<std::size_t>(at);
      if (k == one.entrant.peaks.size()) {
        table.cell("–");
        continue;
      }
      const std::string kind =
          std::string(k == one.best ? "best" : "") + (w.who == &one ? " crowned" : "");
      table.value("tuning_loss", one.tuning_losses[k], loss_text(one.tuning_losses[k]), kind);
    }
  }
  table.last_row();
  table.cell("the lowest at this peak", "word");
  for (const Winner& w : winners)
    table.cell(w.who == nullptr ? "–" : "<code>" + escape_markup(w.who->entrant.name) + "</code>");
  return table.take();
}

std::string search_table(const Study& study) {
  Table table("search", "The search for each peak");
  table.head("schedule", "word");
  for (const char* name : {"trials", "peaks tried", "peak", "the grid costs",
                           "grid and seeds may cost", "another peak within noise"})
    table.head(name);
  const auto cost = [](const std::optional<PeakCost>& c, double PeakCost::*part) {
    return c ? fmt::format("{:.4f}", (*c).*part) : std::string("?");
  };
  for (std::size_t i = 0; i < study.contestants.size(); ++i) {
    const Contestant& one = study.contestants[i];
    if (!one.tuned()) continue;
    table.row(i);
    table.name(one, i);
    table.cell(fmt::format("{}", one.tuning_trials));
    table.cell(fmt::format("{}", one.entrant.peaks.size()));
    table.value("peak", one.peak(), number_text(one.peak(), 3));
    table.cell(cost(one.cost, &PeakCost::grid));
    table.cell(cost(one.cost, &PeakCost::may));
    table.cell(one.rival ? number_text(one.entrant.peaks[*one.rival], 3) : "");
  }
  return table.take();
}

std::string trials_table(const Study& study, double target) {
  Table table("trials", "Every trial that decides");
  table.head("schedule", "word");
  for (const char* name : {"peak", "seed", "validation loss", "test loss", "test accuracy, %",
                           "area under the curve", "updates to the target"})
    table.head(name);
  for (std::size_t i = 0; i < study.contestants.size(); ++i) {
    const Contestant& one = study.contestants[i];
    for (std::size_t k = 0; k < one.runs.size(); ++k) {
      const RunLog& run = one.runs[k];
      const double test_loss = run.result->test_loss;
      const double area = area_under(run);
      const auto reached = steps_to(run, target);
      table.row(i);
      table.name(one, i);
      table.value("peak", one.peak(), number_text(one.peak(), 3));
      table.cell(fmt::format("{}", study.comparison.fresh_seeds[k]));
      table.value("validation_loss", one.losses[k], loss_text(one.losses[k]));
      table.value("test_loss", test_loss, loss_text(test_loss));
      table.value("test_accuracy", one.accuracies[k],
                  fmt::format("{:.2f}", 100 * one.accuracies[k]));
      table.value("area", area, loss_text(area));
      table.cell(reached ? fmt::format("{}", *reached) : "missed");
    }
  }
  return table.take();
}

}  // namespace anneal::apps
