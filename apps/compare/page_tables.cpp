#include "apps/compare/page_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/page_plots.h"
#include "apps/compare/page_table.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

/// One value has no deviation.
std::string mean_and_deviation(const std::vector<double>& x, int decimals) {
  if (x.size() < 2) return fmt::format("{:.{}f}", mean_of(x), decimals);
  return fmt::format("{:.{}f} <small>± {:.{}f}</small>", mean_of(x), decimals, deviation_of(x),
                     decimals);
}

/// Everybody's plot of a column, in the order of the contestants.
template <class Make>
std::vector<PlotRow> plots(const Study& study, Make make) {
  std::vector<PlotRow> rows;
  for (std::size_t i = 0; i < study.contestants.size(); ++i) {
    rows.push_back(make(i));
    rows.back().series = i;
  }
  return rows;
}

PlotRow distribution(const std::vector<double>& values, const char* what) {
  const bool finite = std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
  PlotRow row{.dots = values, .mark = mean_of(values), .span = {NAN, NAN}};
  const std::optional<Interval> interval = interval_of(values);
  if (interval) row.span = *interval;
  row.label = finite ? fmt::format("{}: mean {:.4g}", what, row.mark)
                     : fmt::format("{}: some diverged", what);
  if (interval)
    row.label += fmt::format(", interval {:.4g} to {:.4g}", interval->low, interval->high);
  return row;
}

/// Logarithmic where one of the values is several times another.
Scale::Kind kind_for(const std::vector<PlotRow>& rows) {
  std::vector<double> values;
  for (const PlotRow& row : rows)
    std::ranges::copy_if(row.dots, std::back_inserter(values),
                         [](double v) { return std::isfinite(v); });
  if (values.empty()) return Scale::Kind::linear;
  const auto [low, high] = std::ranges::minmax(values);
  return low > 0.0 && high > 4 * low ? Scale::Kind::logarithmic : Scale::Kind::linear;
}

}  // namespace

std::string decided_table(const Study& study) {
  const auto losses = plots(study, [&](std::size_t i) {
    return distribution(study.contestants[i].losses, "validation loss");
  });
  const auto accuracies = plots(study, [&](std::size_t i) {
    PlotRow row =
        distribution(percent(study.contestants[i].accuracies), "test accuracy in percent");
    row.stretches = study.contestants[i].diverged() == 0;
    return row;
  });
  const PlotColumn loss_plot(losses, kind_for(losses));
  const PlotColumn accuracy_plot(accuracies, Scale::Kind::linear);
  Table table("decided",
              fmt::format("Each {}, {}", at_which_rate(study),
                          counted(std::ssize(study.comparison.fresh_seeds), "fresh seed")));
  table.head("schedule", "word");
  const bool tested = study.judgement.tested();
  if (tested) table.head("tier", "word");
  table.head("validation loss");
  table.head(loss_plot.head(), "drawn");
  table.head("test loss");
  table.head("test accuracy, %");
  table.head(accuracy_plot.head(), "drawn");
  table.head("rank");
  table.head("peak");
  for (const std::size_t i : ranked(study.verdicts())) {
    const Contestant& one = study.contestants[i];
    const Verdict& v = study.verdicts()[i];
    table.row(i);
    table.name(one, i);
    if (tested) table.cell(v.tier.empty() ? "–" : tier_text(v), "word");
    table.value("mean_validation_loss", mean_of(one.losses),
                one.diverged() > 0
                    ? fmt::format("{} of {} diverged", one.diverged(), one.losses.size())
                    : mean_and_deviation(one.losses, 4));
    table.cell(loss_plot.cell(losses[i]), "drawn");
    const std::vector<double> on_test = test_losses(one);
    table.value("mean_test_loss", mean_of(on_test),
                one.diverged() > 0 ? "–" : mean_and_deviation(on_test, 4));
    table.value("mean_test_accuracy", mean_of(one.accuracies),
                mean_and_deviation(percent(one.accuracies), 2));
    table.cell(accuracy_plot.cell(accuracies[i]), "drawn");
    table.value("rank", v.rank, fmt::format("{:.1f}", v.rank));
    table.value("peak", one.peak(),
                number_text(one.peak(), 3) + (one.best_is_at_the_edge() ? " (edge)" : ""));
  }
  return table.take();
}

std::string paired_table(const Study& study) {
  const Judgement& j = study.judgement;
  const Contestant& base = study.contestants[study.comparison.baseline];
  const auto paired = [&](std::size_t metric, double scale) {
    return plots(study, [&, metric, scale](std::size_t i) {
      const auto& values = j.metrics[metric].values;
      const std::optional<Interval> d = j.verdicts[metric][i].difference;
      if (!d) return PlotRow{.mark = NAN, .span = {NAN, NAN}, .label = "no interval"};
      PlotRow row{.mark = scale * (mean_of(values[i]) - mean_of(values[study.comparison.baseline])),
                  .span = {scale * d->low, scale * d->high}};
      row.label = fmt::format("difference {:+.4g}, interval {:+.4g} to {:+.4g}", row.mark,
                              row.span.low, row.span.high);
      return row;
    });
  };
  const auto losses = paired(0, 1.0);
  const auto accuracies = paired(1, 100.0);
  const PlotColumn loss_plot(losses, Scale::Kind::linear, {0.0});
  const PlotColumn accuracy_plot(accuracies, Scale::Kind::linear, {0.0});
  Table table("paired",
              fmt::format("Minus {}, paired by seed, with 95 % intervals", base.entrant.name));
  table.head("schedule", "word");
  table.head("validation loss", "interval");
  if (j.tested()) table.head("p");
  table.head(loss_plot.head(), "drawn");
  table.head("test accuracy, points", "interval");
  if (j.tested()) table.head("p");
  table.head(accuracy_plot.head(), "drawn");
  const auto cells = [&](std::size_t metric, std::size_t i, const PlotRow& plot, int decimals,
                         const PlotColumn& column) {
    const Verdict& v = j.verdicts[metric][i];
    table.cell(v.difference ? fmt::format("{:+.{}f} … {:+.{}f}", plot.span.low, decimals,
                                          plot.span.high, decimals)
                            : "–",
               "interval");
    if (j.tested() && v.tested)
      table.value(metric == 0 ? "p" : "p_accuracy", v.p, escape_markup(p_text(v.p)),
                  v.p <= claimed ? "significant" : "");
    else if (j.tested())
      table.cell("–");
    table.cell(v.difference ? column.cell(plot) : "", "drawn");
  };
  for (const std::size_t i : ranked(study.verdicts())) {
    table.row(i);
    table.name(study.contestants[i], i);
    if (i == study.comparison.baseline) {
      for (int k = 0; k < (j.tested() ? 6 : 4); ++k) table.cell(k == 0 ? "the baseline" : "");
      continue;
    }
    cells(0, i, losses[i], 4, loss_plot);
    cells(1, i, accuracies[i], 2, accuracy_plot);
  }
  return table.take();
}

std::string way_table(const Study& study, double target) {
  const auto times = plots(study, [&](std::size_t i) {
    const TimeToTarget time = time_to(study.contestants[i], target);
    PlotRow row{.mark = time.median.value_or(NAN), .span = {NAN, NAN}};
    for (const RunLog& run : study.contestants[i].runs)
      if (const auto reached = steps_to(run, target))
        row.dots.push_back(static_cast<double>(*reached));
    row.label = time.median ? fmt::format("median {:.0f} updates", *time.median) : "missed";
    return row;
  });
  const auto peaks = plots(study, [&](std::size_t i) {
    const Contestant& one = study.contestants[i];
    const auto [low, high] = robust_peaks(one);
    return PlotRow{.dots = one.tuned() ? one.entrant.peaks : std::vector<double>{},
                   .mark = one.peak(),
                   .span = {low, high},
                   .label = fmt::format("best peak {:.3g}, within 5 % from {:.3g} to {:.3g}",
                                        one.peak(), low, high)};
  });
  const auto& runs = study.contestants[0].runs;
  const auto total = static_cast<double>(runs.at(0).config.total_steps);
  const PlotColumn time_plot(times, Scale::Kind::linear, {0.0, total});
  const PlotColumn peak_plot(peaks, Scale::Kind::logarithmic);
  Table table("way", "On the way there");
  table.head("schedule", "word");
  table.head(fmt::format("updates to {:.4g} %", 100 * target));
  table.head("reached");
  table.head(time_plot.head(), "drawn");
  table.head("area under the curve");
  table.head("peaks within 5 %");
  table.head(peak_plot.head(), "drawn");
  table.head("width");
  for (const std::size_t i : ranked(study.verdicts())) {
    const Contestant& one = study.contestants[i];
    const TimeToTarget time = time_to(one, target);
    std::vector<double> areas;
    for (const RunLog& run : one.runs) areas.push_back(area_under(run));
    const auto [low, high] = robust_peaks(one);
    table.row(i);
    table.name(one, i);
    table.cell(time.median ? fmt::format("{:.0f}", *time.median) : "missed");
    table.cell(fmt::format("{} of {}", time.reached, one.runs.size()));
    table.cell(time_plot.cell(times[i]), "drawn");
    table.value("mean_area", mean_of(areas),
                one.diverged() > 0 ? "–" : mean_and_deviation(areas, 4));
    table.cell(!one.tuned()  ? "not tuned"
               : low == high ? number_text(low, 3)
                             : number_text(low, 3) + " … " + number_text(high, 3));
    table.cell(peak_plot.cell(peaks[i]), "drawn");
    table.cell(one.tuned() ? fmt::format("x{:.3g}", high / low) : "–");
  }
  return table.take();
}

}  // namespace anneal::apps
