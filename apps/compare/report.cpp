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
#include "apps/view/quote.h"
#include "apps/view/table.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::string code(const Contestant& one) {
  return markdown_code(one.entrant.name);
}

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> kept;
  std::ranges::copy_if(values, std::back_inserter(kept), [](double v) { return std::isfinite(v); });
  return kept;
}

std::string mean_and_deviation(const std::vector<double>& x, int decimals) {
  return fmt::format("{:.{}f} ± {:.{}f}", mean_of(x), decimals, deviation_of(x), decimals);
}

std::string decided_table(const Study& study) {
  const Contestant& base = study.contestants[study.comparison.baseline];
  const std::string minus = "minus " + markdown_text(base.entrant.name) + ", 95 %";
  std::vector<Row> rows{{"schedule", "peak", "validation loss", minus, "p (Holm)", "rank", "tier",
                         "test accuracy, %", minus}};
  for (const std::size_t i : ranked(study.verdicts)) {
    const Contestant& one = study.contestants[i];
    const Verdict& v = study.verdicts[i];
    const Interval points = v.tested ? accuracy_difference(one, base) : Interval{};
    const auto if_tested = [&](const std::string& text) { return v.tested ? text : "–"; };
    std::vector<double> percent;
    for (const double accuracy : one.accuracies) percent.push_back(100 * accuracy);
    rows.push_back(
        {code(one), number_text(one.peak(), 3) + (one.best_is_at_the_edge() ? " (edge)" : ""),
         one.diverged() > 0 ? fmt::format("{} of {} diverged", one.diverged(), one.losses.size())
                            : mean_and_deviation(one.losses, 4),
         if_tested(fmt::format("{:+.4f} … {:+.4f}", v.difference.low, v.difference.high)),
         if_tested(v.p < 0.0005 ? "<0.001" : fmt::format("{:.3f}", v.p)),
         fmt::format("{:.1f}", v.rank), v.tier, mean_and_deviation(percent, 2),
         if_tested(fmt::format("{:+.2f} … {:+.2f}", 100 * points.low, 100 * points.high))});
  }
  return table(rows);
}

std::string figures_table(const Study& study, double target) {
  std::vector<Row> rows{{"schedule", fmt::format("updates to {:.4g} %", 100 * target), "reached",
                         "area under the curve", "peaks within 5 %", "width"}};
  for (const std::size_t i : ranked(study.verdicts)) {
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

std::string counted(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string study_text(const Study& study, double target) {
  const Comparison& c = study.comparison;
  const std::string with = on_the_baseline(study);
  std::string text = fmt::format(
      "## Each {}, {}\n\n{}\n"
      "Mean ± standard deviation over seeds. Differences are paired by seed (same initial weights, "
      "same batches), their intervals BCa bootstrap. p: exact sign-flip test of the validation "
      "loss. Schedules that share a tier letter cannot be told apart at 5 %.{}\n\n"
      "## On the way there\n\n{}\n"
      "Updates until the validation accuracy reached the target, in {} evaluations: the median, "
      "missed when half of the runs or more did not reach it. Area: the mean validation loss "
      "between the "
      "first evaluation and the last. Peaks within 5 %: around the best, of the least tuning loss; "
      "the wider, the less the choice of the rate matters.\n\n",
      at_which_rate(study), counted(c.fresh_seeds.size(), "fresh seed"), decided_table(study),
      with.empty() ? "" : " " + with, figures_table(study, target), c.evaluations);
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
