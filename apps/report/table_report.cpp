#include "apps/report/table_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/page_plots.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/page.h"
#include "apps/view/quote.h"
#include "apps/view/table.h"
#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {
namespace {

using Words = std::vector<std::string>;

/// A metric's table: names in the order of the ranks, and beside each the same columns.
struct Columns {
  std::vector<std::size_t> order = {};
  Words heads = {};               ///< of the cells
  std::vector<Words> cells = {};  ///< [place in order][column], plain text
};

std::size_t failures(const std::vector<double>& values) {
  return static_cast<std::size_t>(
      std::ranges::count_if(values, [](double v) { return !std::isfinite(v); }));
}

std::string mean_text(const std::vector<double>& values) {
  if (const std::size_t failed = failures(values); failed > 0)
    return fmt::format("{} of {} failed", failed, values.size());
  if (values.size() < 2) return fmt::format("{:.5g}", mean_of(values));
  return fmt::format("{:.5g} ± {:.2g}", mean_of(values), deviation_of(values));
}

std::string interval_text(const std::optional<Interval>& interval) {
  return interval ? fmt::format("{:+.4g} … {:+.4g}", interval->low, interval->high) : "–";
}

/// What too few seeds cannot say has no column.
Columns columns_of(const TableReport& report, std::size_t metric) {
  const Judgement& j = report.judgement;
  const bool intervals = j.rounds >= fewest_for_interval && report.schedules.size() > 1;
  const bool tested = j.tested() && report.schedules.size() > 1;
  Columns columns{.order = ranked(j.verdicts[metric]), .heads = {"mean"}};
  if (intervals) columns.heads.push_back("minus " + report.schedules[j.baseline] + ", 95 %");
  if (tested) columns.heads.emplace_back("p");
  columns.heads.emplace_back("rank");
  if (tested) columns.heads.emplace_back("tier");
  if (intervals) columns.heads.emplace_back("seeds to claim it");
  for (const std::size_t i : columns.order) {
    const std::vector<double>& values = j.metrics[metric].values[i];
    const Verdict& v = j.verdicts[metric][i];
    Words row{mean_text(values)};
    if (intervals) row.push_back(interval_text(v.difference));
    if (tested) row.push_back(v.tested ? p_text(v.p) : "–");
    row.push_back(fmt::format("{:.1f}", v.rank));
    if (tested) row.push_back(v.tier.empty() ? "–" : tier_text(v));
    if (intervals) {
      const auto needed =
          i == j.baseline
              ? std::optional<std::int64_t>()
              : seeds_needed(differences(values, j.metrics[metric].values[j.baseline]), j);
      row.push_back(needed ? grouped(*needed) : "–");
    }
    columns.cells.push_back(std::move(row));
  }
  return columns;
}

std::string heading_of(const Judgement& j, std::size_t metric) {
  return fmt::format("{}, {} is better, {}", j.metrics[metric].name,
                     j.metrics[metric].higher_is_better ? "higher" : "lower",
                     counted(j.rounds, "seed"));
}

std::string on_seeds_needed(const Judgement& j) {
  if (j.rounds < fewest_for_interval) return "";
  return " Seeds to claim it: at most about so many show a difference from the baseline, were it "
         "as large as here, four times in five.";
}

// ---- as a page ------------------------------------------------------------------------------

std::string table_html(const TableReport& report, std::size_t metric) {
  const Judgement& j = report.judgement;
  const Columns columns = columns_of(report, metric);
  std::vector<PlotRow> plots(report.schedules.size());
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const std::vector<double>& values = j.metrics[metric].values[i];
    plots[i] = {.series = i, .dots = values, .mark = mean_of(values), .span = {NAN, NAN}};
    if (const auto interval = interval_of(values)) plots[i].span = *interval;
    plots[i].label = mean_text(values);
  }
  const PlotColumn plot(plots, Scale::Kind::linear);
  std::string html = fmt::format(
      R"(<div class="scroll" tabindex="0"><table class="numbers decided"><caption>{}</caption>
<thead><tr><th scope="col">schedule</th><th scope="col" class="drawn">{}</th>)",
      escape_markup(heading_of(j, metric)), plot.head());
  for (const std::string& head : columns.heads)
    html += fmt::format(R"(<th scope="col">{}</th>)", escape_markup(head));
  html += "</tr></thead><tbody>\n";
  for (std::size_t k = 0; k < columns.order.size(); ++k) {
    const std::size_t i = columns.order[k];
    html += fmt::format(R"(<tr><th scope="row">{}<code>{}</code></th><td class="drawn">{}</td>)",
                        swatch(i), escape_markup(report.schedules[i]), plot.cell(plots[i]));
    for (const std::string& cell : columns.cells[k])
      html += fmt::format("<td>{}</td>", escape_markup(cell));
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace

std::vector<std::string> cautions_of(const TableReport& report,
                                     const std::vector<std::string>& names) {
  Words lines = reservations(report.judgement, names);
  lines.insert(lines.end(), report.notes.begin(), report.notes.end());
  for (std::size_t m = 0; m < report.judgement.metrics.size(); ++m) {
    Words failed;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (failures(report.judgement.metrics[m].values[i]) > 0) failed.push_back(names[i]);
    if (!failed.empty())
      lines.push_back(fmt::format(
          "{} failed in {} with some seeds: ranked last there, not tested, and without a tier.",
          joined(failed), report.judgement.metrics[m].name));
  }
  return lines;
}

std::string table_report_text(const TableReport& report) {
  const Judgement& j = report.judgement;
  Words names;
  for (const std::string& name : report.schedules) names.push_back(markdown_code(name));
  std::string text = fmt::format("# {}\n\n{}\n\n    {}\n\n", markdown_text(report.title),
                                 headline(j, names), printable(report.command, true));
  for (std::size_t m = 0; m < j.metrics.size(); ++m) {
    const Columns columns = columns_of(report, m);
    std::vector<Row> rows{{"schedule"}};
    for (const std::string& head : columns.heads) rows[0].push_back(markdown_text(head));
    for (std::size_t k = 0; k < columns.order.size(); ++k) {
      rows.push_back({names[columns.order[k]]});
      rows.back().insert(rows.back().end(), columns.cells[k].begin(), columns.cells[k].end());
    }
    text += fmt::format("## {}\n\n{}\n", markdown_text(heading_of(j, m)), table(rows));
  }
  text += "Paired by seed. " + how_tested(j) + on_seeds_needed(j) + "\n";
  const Words cautions = cautions_of(report, names);
  if (!cautions.empty()) text += "\n## What these numbers cannot say\n\n";
  for (const std::string& line : cautions) text += "- " + line + "\n";
  return text;
}

std::string table_report_page(const TableReport& report) {
  const Judgement& j = report.judgement;
  std::string body =
      fmt::format("<p class=\"outcome\">{}</p>\n", escape_markup(headline(j, report.schedules)));
  for (std::size_t m = 0; m < j.metrics.size(); ++m)
    body += fmt::format("<h2>{}</h2>\n{}", escape_markup(heading_of(j, m)), table_html(report, m));
  body += fmt::format("<p class=\"hint\">{}</p>\n",
                      escape_markup("Paired by seed. In the plots a faint dot is a seed, the line "
                                    "the 95 % interval of the mean. " +
                                    how_tested(j) + on_seeds_needed(j)));
  const Words cautions = cautions_of(report, report.schedules);
  if (!cautions.empty()) body += "<h2>What these numbers cannot say</h2>\n<ul>\n";
  for (const std::string& line : cautions) body += "<li>" + escape_markup(line) + "</li>\n";
  if (!cautions.empty()) body += "</ul>\n";
  body += fmt::format("<h2>Run it again</h2>\n<pre><code>{}</code></pre>\n",
                      escape_markup(report.command));
  return page_text(
      {.title = report.title, .body = body, .data = "{}", .script = "", .style = web::compare_css});
}

}  // namespace anneal::apps
