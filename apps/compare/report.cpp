// The report as Markdown.
#include "apps/compare/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/same_runs.h"
#include "apps/compare/tuning_report.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/quote.h"
#include "apps/view/table.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> kept;
  std::ranges::copy_if(values, std::back_inserter(kept), [](double v) { return std::isfinite(v); });
  return kept;
}

/// One value has no deviation.
std::string mean_and_deviation(const std::vector<double>& x, int decimals) {
  if (x.size() < 2) return fmt::format("{:.{}f}", mean_of(x), decimals);
  return fmt::format("{:.{}f} ± {:.{}f}", mean_of(x), decimals, deviation_of(x), decimals);
}

std::string interval_text(const std::optional<Interval>& interval, double scale, int decimals) {
  if (!interval) return "–";
  return fmt::format("{:+.{}f} … {:+.{}f}", scale * interval->low, decimals, scale * interval->high,
                     decimals);
}

/// What too few seeds cannot say has no column.
std::string decided_table(const Study& study) {
  const Judgement& j = study.judgement;
  const Contestant& base = study.contestants[study.comparison.baseline];
  const bool intervals = j.rounds >= fewest_for_interval && study.contestants.size() > 1;
  const bool tested = j.tested() && study.contestants.size() > 1;
  const std::string minus = "minus " + markdown_text(base.entrant.name) + ", 95 %";
  const auto row_of = [&](const Row& losses, const std::string& tier, const Row& accuracies) {
    Row row{losses[0], losses[1], losses[2]};
    if (intervals) row.push_back(losses[3]);
    if (tested) row.push_back(losses[4]);
    row.push_back(losses[5]);
    if (tested) row.push_back(tier);
    row.insert(row.end(), {accuracies[0], accuracies[1]});
    if (intervals) row.push_back(accuracies[2]);
    if (tested) row.push_back(accuracies[3]);
    return row;
  };
  std::vector<Row> rows{row_of({"schedule", "peak", "validation loss", minus, "p", "rank"}, "tier",
                               {"test loss", "test accuracy, %", minus, "p"})};
  for (const std::size_t i : ranked(study.verdicts())) {
    const Contestant& one = study.contestants[i];
    const Verdict& by_loss = j.verdicts[0][i];
    const Verdict& by_accuracy = j.verdicts[1][i];
    const auto p = [](const Verdict& v) { return v.tested ? p_text(v.p) : "–"; };
    const bool diverged = one.diverged() > 0;
    rows.push_back(row_of(
        {code(one), number_text(one.peak(), 3) + (one.best_is_at_the_edge() ? " (edge)" : ""),
         diverged ? fmt::format("{} of {} diverged", one.diverged(), one.losses.size())
                  : mean_and_deviation(one.losses, 4),
         interval_text(by_loss.difference, 1.0, 4), p(by_loss),
         fmt::format("{:.1f}", by_loss.rank)},
        by_loss.tier.empty() ? "–" : tier_text(by_loss),
        {diverged || one.runs.empty() ? "–" : mean_and_deviation(test_losses(one), 4),
         mean_and_deviation(percent(one.accuracies), 2),
         interval_text(by_accuracy.difference, 100.0, 2), p(by_accuracy)}));
  }
  return table(rows);
}

std::string figures_table(const Study& study, double target) {
  std::vector<Row> rows{{"schedule", fmt::format("updates to {:.4g} %", 100 * target), "reached",
                         "area under the curve", "peaks within 5 %", "width"}};
  for (const std::size_t i : ranked(study.verdicts())) {
    const Contestant& one = study.contestants[i];
    const TimeToTarget time = time_to(one, target);
    std::vector<double> areas;
    for (const RunLog& run : one.runs) areas.push_back(area_under(run));
    const auto [low, high] = robust_peaks(one);
    rows.push_back({code(one), time.median ? fmt::format("{:.0f}", *time.median) : "missed",
                    fmt::format("{} of {}", time.reached, one.runs.size()),
                    one.diverged() > 0 ? "–" : mean_and_deviation(finite(areas), 4),
                    !one.tuned()  ? "not tuned"
                    : low == high ? number_text(low, 3)
                                  : number_text(low, 3) + " … " + number_text(high, 3),
                    one.tuned() ? fmt::format("x{:.3g}", high / low) : "–"});
  }
  return table(rows);
}

/// One of its runs, as a command of its own.
std::string once_more(const Study& study) {
  if (study.train.empty()) return {};
  return fmt::format(
      "One run of {} once more, the very same, with a page of its own:\n\n    {}\n\n",
      code(study.contestants[ranked(study.verdicts()).front()]), printable(study.train, true));
}

std::string study_text(const Study& study, double target) {
  const Comparison& c = study.comparison;
  const std::string with = on_the_baseline(study);
  std::string text = fmt::format(
      "## Each {}, {}\n\n{}\n"
      "{}Differences are paired by seed (same initial weights, same batches). {}{}\n\n"
      "{}"
      "## On the way there\n\n{}\n"
      "Updates until the validation accuracy reached the target, in {}: the median, "
      "missed when half of the runs or more did not reach it. Area: the mean validation loss "
      "between the "
      "first evaluation and the last. Peaks within 5 %: around the best, of the least tuning loss; "
      "the wider, the less the choice of the rate matters.\n\n",
      at_which_rate(study), counted(std::ssize(c.fresh_seeds), "fresh seed"), decided_table(study),
      study.judgement.rounds > 1 ? "Mean ± standard deviation over seeds. " : "",
      how_tested(study.judgement), with.empty() ? "" : " " + with, once_more(study),
      figures_table(study, target), counted(c.evaluations, "evaluation"));
  text += tuning_text(study);
  text += "## What these numbers cannot say\n\n";
  for (const std::string& line : cautions(study)) text += "- " + line + "\n";
  return text;
}

}  // namespace

std::string report_text(const Report& report) {
  std::string text = fmt::format("# {}\n\n", markdown_text(report.title));
  if (!report.about.empty()) text += report.about + "\n\n";
  const bool several = report.studies.size() > 1;
  for (const Study& study : report.studies)
    text += (several ? "**" + study.conditions + "**: " : "") + on_the_same(study) + answer(study) +
            on_constants(study) + "\n\n";
  text += "- data: " + markdown_text(report.data) + "\n";
  if (!several) text += "- " + report.studies.at(0).conditions + "\n";
  text += fmt::format("- machine: {}\n\n    {}\n\n", markdown_text(report.machine),
                      printable(report.command, true));
  for (const Study& study : report.studies)
    text += (several ? "# " + study.conditions + "\n\n" : "") + study_text(study, report.target) +
            (several ? "\n" : "");
  return text;
}

}  // namespace anneal::apps
