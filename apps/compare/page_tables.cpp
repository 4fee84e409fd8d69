#include "apps/compare/page_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/page_plots.h"
#include "apps/compare/page_table.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::string mean_and_deviation(const std::vector<double>& x, int decimals) {
  return fmt::format("{:.{}f} <small>± {:.{}f}</small>", mean_of(x), decimals, deviation_of(x),
                     decimals);
}

std::vector<double> percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100;
  return shares;
}

std::string seeds(std::size_t n) {
  return fmt::format("{} fresh seed{}", n, n == 1 ? "" : "s");
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
  if (finite) row.span = bca_interval(values);
  row.label = finite ? fmt::format("{}: mean {:.4g}, interval {:.4g} to {:.4g}", what, row.mark,
                                   row.span.low, row.span.high)
                     : fmt::format("{}: some diverged", what);
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
  Table table("decided", fmt::format("Each {}, {}", at_which_rate(study),
                                     seeds(study.comparison.fresh_seeds.size())));
  table.head("schedule", "word");
  table.head("tier", "word");
  table.head("validation loss");
  table.head(loss_plot.head(), "drawn");
  table.head("test accuracy, %");
  table.head(accuracy_plot.head(), "drawn");
  table.head("rank");
  table.head("peak");
  for (const std::size_t i : ranked(study.verdicts)) {
    const Contestant& one = study.contestants[i];
    const Verdict& v = study.verdicts[i];
    table.row(i);
    table.name(one, i);
    table.cell(v.tier, "word");
    table.value("mean_validation_loss", mean_of(one.losses),
                one.diverged() > 0
                    ? fmt::format("{} of {} diverged", one.diverged(), one.losses.size())
                    : mean_and_deviation(one.losses, 4));
    table.cell(loss_plot.cell(losses[i]), "drawn");
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
  const Contestant& base = study.contestants[study.comparison.baseline];
  const auto paired = [&](bool of_loss) {
    return plots(study, [&, of_loss](std::size_t i) {
      const Contestant& one = study.contestants[i];
      const Verdict& v = study.verdicts[i];
      if (!v.tested) return PlotRow{.mark = NAN, .span = {NAN, NAN}, .label = "not tested"};
      const Interval d = of_loss ? v.difference : accuracy_difference(one, base);
      const double scale = of_loss ? 1.0 : 100.0;
      PlotRow row{.mark = scale * (of_loss ? mean_of(one.losses) - mean_of(base.losses)
                                           : mean_of(one.accuracies) - mean_of(base.accuracies)),
                  .span = {scale * d.low, scale * d.high}};
      row.label = fmt::format("difference {:+.4g}, interval {:+.4g} to {:+.4g}", row.mark,
                              row.span.low, row.span.high);
      return row;
    });
  };
  const auto losses = paired(true);
  const auto accuracies = paired(false);
  const PlotColumn loss_plot(losses, Scale::Kind::linear, {0.0});
  const PlotColumn accuracy_plot(accuracies, Scale::Kind::linear, {0.0});
  Table table("paired",
              fmt::format("Minus {}, paired by seed, with 95 % intervals", base.entrant.name));
  table.head("schedule", "word");
  table.head("validation loss", "interval");
  table.head("p (Holm)");
  table.head(loss_plot.head(), "drawn");
  table.head("test accuracy, points", "interval");
  table.head(accuracy_plot.head(), "drawn");
  for (const std::size_t i : ranked(study.verdicts)) {
    const Verdict& v = study.verdicts[i];
    table.row(i);
    table.name(study.contestants[i], i);
    if (!v.tested) {
      const bool is_base = i == study.comparison.baseline;
      for (int k = 0; k < 5; ++k) table.cell(k == 0 ? is_base ? "the baseline" : "not tested" : "");
      continue;
    }
    table.cell(fmt::format("{:+.4f} … {:+.4f}", v.difference.low, v.difference.high), "interval");
    table.value("p", v.p, v.p < 0.0005 ? "&lt;0.001" : fmt::format("{:.3f}", v.p),
                v.p <= significant ? "significant" : "");
    table.cell(loss_plot.cell(losses[i]), "drawn");
    const Interval points = accuracies[i].span;
    table.cell(fmt::format("{:+.2f} … {:+.2f}", points.low, points.high), "interval");
    table.cell(accuracy_plot.cell(accuracies[i]), "drawn");
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
  for (const std::size_t i : ranked(study.verdicts)) {
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
