// The report as one HTML page. The charts that JavaScript draws are in web/compare.js; everything
// else, numbers, words and the plots in the tables, is here and needs no script.
#include "apps/view/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/compare/findings.h"
#include "apps/compare/page_data.h"
#include "apps/compare/page_plots.h"
#include "apps/compare/page_tables.h"
#include "apps/compare/report.h"
#include "apps/compare/same_runs.h"
#include "apps/compare/tuning_report.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {
namespace {

std::string marked(std::string_view text) {
  std::string html;
  bool inside = false;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t tick = std::min(text.find('`', at), text.size());
    html += escape_markup(text.substr(at, tick - at));
    if (tick < text.size()) html += inside ? "</code>" : "<code>";
    if (tick < text.size()) inside = !inside;
    at = tick + 1;
  }
  return html + (inside ? "</code>" : "");
}

std::string chart(std::string_view kind, std::string_view title, std::string_view control = "") {
  return fmt::format(
      R"(<figure><figcaption>{1}{2}</figcaption><div class="chart" data-chart="{0}" tabindex="0"
role="group" aria-label="Chart: {1}. Arrow keys read it out; the numbers are in the tables."></div>
</figure>
)",
      kind, title, control);
}

std::string tick_box(std::string_view what, std::string_view words) {
  return fmt::format(R"(<label><input type="checkbox" data-control="{}"> {}</label>)", what, words);
}

/// A button for each contestant, for all the charts of a section.
std::string legend(const std::vector<Contestant>& contestants) {
  std::string html = R"(<div class="legend" role="group" aria-label="Schedules shown">)";
  for (std::size_t i = 0; i < contestants.size(); ++i)
    html += fmt::format(
        R"(<button type="button" aria-pressed="true" data-series="{}">{}<code>{}</code></button>)",
        i, swatch(i), escape_markup(contestants[i].entrant.name));
  return html + R"(<button type="button" class="all" hidden>show all</button></div>
)";
}

/// Trials that did not end, of the tuning too: a schedule that fails at a high peak is more
/// delicate than one that does not.
std::string divergences(const Study& study) {
  std::string items;
  for (const Contestant& one : study.contestants) {
    std::vector<std::string> peaks;
    for (std::size_t p = 0; p < one.tuning.size(); ++p) {
      const auto lost =
          std::ranges::count_if(one.tuning[p], [](double v) { return !std::isfinite(v); });
      if (lost > 0)
        peaks.push_back(fmt::format("{} of {} at {}", lost, one.tuning[p].size(),
                                    number_text(one.entrant.peaks[p], 3)));
    }
    if (one.diverged() == 0 && peaks.empty()) continue;
    items += fmt::format("<li><code>{}</code>: ", escape_markup(one.entrant.name));
    if (one.diverged() > 0)
      items +=
          fmt::format("{} of {}", one.diverged(), counted(std::ssize(one.losses), "fresh seed"));
    if (one.diverged() > 0 && !peaks.empty()) items += "; ";
    if (!peaks.empty()) items += fmt::format("when tuned, {}", fmt::join(peaks, ", "));
    items += "</li>\n";
  }
  return items.empty() ? "<p>No trial diverged.</p>\n" : "<ul>\n" + items + "</ul>\n";
}

std::string hint(std::string_view text) {
  return fmt::format("<p class=\"hint\">{}</p>\n", text);
}

/// A study's sections, their headings at level `h`.
std::string study_html(const Study& study, double target, int h) {
  const auto heading = [h](std::string_view text) {
    return fmt::format("<h{0}>{1}</h{0}>\n", h, text);
  };
  const bool tuned = std::ranges::any_of(study.contestants, &Contestant::tuned);
  std::set<const Contestant*> crowned;  // at some peak
  for (const Winner& winner : winners_by_peak(study))
    if (winner.who != nullptr) crowned.insert(winner.who);
  std::string html =
      heading("Each " + at_which_rate(study)) + decided_table(study) +
      hint(
          "Sorted by mean rank over seeds, by validation loss. Numbers are mean ± standard "
          "deviation over seeds; in the plots a faint dot is a seed, the line the 95 % interval of "
          "the mean, Student's t, from three seeds on.") +
      (study.train.empty()
           ? ""
           : hint(fmt::format(
                 "One run of <code>{}</code> once more, the very same, with a page of its own:",
                 escape_markup(study.contestants[ranked(study.verdicts()).front()].entrant.name))) +
                 fmt::format("<pre><code>{}</code></pre>\n",
                             escape_markup(printable(study.train, true)))) +
      heading("Against the baseline") + paired_table(study) +
      hint("Differences are paired by seed (same initial weights, same batches). " +
           escape_markup(how_tested(study.judgement)) + " " + marked(on_the_baseline(study))) +
      heading("Over the updates") +
      hint(
          "Point at a chart, or go to it and use the arrow keys, to read values; drag to zoom in, "
          "double-click to zoom out. A name hides or shows its curves, in every chart; "
          "double-click it to see it alone.") +
      "<noscript><p>The charts need JavaScript; the tables do not.</p></noscript>\n" +
      legend(study.contestants) +
      chart("rate", "Learning rate, each " + at_which_rate(study), tick_box("log", "logarithmic")) +
      chart("loss", "Validation loss",
            tick_box("log", "logarithmic") + tick_box("bands", "least to greatest of the seeds")) +
      chart("accuracy", "Validation accuracy, %",
            tick_box("log", "spread out towards 100 %") +
                tick_box("bands", "least to greatest of the seeds"));
  if (tuned)
    html +=
        heading("What the peak decides") +
        chart("sensitivity", "Mean validation loss of the tuning seeds, at every peak",
              tick_box("log", "logarithmic")) +
        hint("A ring marks the best peak of each; a cross at the top, that trials diverged.") +
        chart("flip", crowned.size() > 1
                          ? "The flip: who is first depends on the rate at which all are run"
                          : "Who is first at each rate: the same one at all of them") +
        hint(
            "Rank by the loss above, 1 the lowest. Named on top is the schedule that a "
            "comparison at this single rate would have crowned.") +
        peaks_table(study) +
        hint(
            "<em>The best of each schedule</em> is set in bold; what would have won at a peak is "
            "underlined.") +
        (study.comparison.refinements == 0
             ? ""
             : search_table(study) +
                   hint("The grid costs: the loss at the chosen peak above the least of the "
                        "parabola through it and its neighbours. May cost: if that least lies "
                        "further away by three times its deviation (jackknife over the tuning "
                        "seeds)."));
  html += heading("On the way there") + way_table(study, target) +
          hint(fmt::format(
              "Updates until the validation accuracy reached the target, in {}: the "
              "median, missed when half of the runs did not reach it. Area: the mean validation "
              "loss between the first evaluation and the last. Peaks within 5 %: around the best, "
              "of the least tuning loss; the wider, the less the choice of the rate matters.",
              counted(study.comparison.evaluations, "evaluation"))) +
          heading("What these numbers cannot say") + "<ul>\n";
  for (const std::string& line : cautions(study)) html += "<li>" + marked(line) + "</li>\n";
  return html + "</ul>\n" + heading("Trials that diverged") + divergences(study) +
         "<details><summary>Every trial that decides</summary>" + trials_table(study, target) +
         "</details>\n";
}

std::string facts_html(const Report& report) {
  std::string html = "<h2>What was run</h2>\n<table class=\"facts\">";
  const auto fact = [&](std::string_view name, const std::string& value) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", name, value);
  };
  fact("data", escape_markup(report.data));
  for (const Study& study : report.studies) fact("conditions", escape_markup(study.conditions));
  fact("machine", escape_markup(report.machine));
  fact("numbers", R"(<a href="results.csv">results.csv</a>, <a href="tuning.csv">tuning.csv</a>,
<a href="curves.csv">curves.csv</a> and <a href="report.md">report.md</a>, beside this page)");
  return html + fmt::format("</table>\n<h2>Run it again</h2>\n<pre><code>{}</code></pre>\n",
                            escape_markup(report.command));
}

}  // namespace

std::string report_page(const Report& report) {
  const bool several = report.studies.size() > 1;
  std::string body;
  if (!report.about.empty())
    body += fmt::format("<p class=\"about\">{}</p>\n", marked(report.about));
  if (!several) {
    const Study& study = report.studies.at(0);
    body += fmt::format("<p class=\"about\">{}; {}</p>\n<p class=\"outcome\">{}</p>\n",
                        escape_markup(report.data), escape_markup(study.conditions),
                        marked(on_the_same(study) + answer(study) + on_constants(study)));
    body += "<section class=\"study\" data-study=\"0\">\n" + study_html(study, report.target, 2) +
            "</section>\n";
  } else {
    body += fmt::format("<p class=\"about\">{}</p>\n<ul class=\"index\">\n",
                        escape_markup(report.data));
    for (std::size_t i = 0; i < report.studies.size(); ++i)
      body += fmt::format("<li><a href=\"#study-{}\">{}</a>: {}</li>\n", i,
                          escape_markup(report.studies[i].conditions),
                          marked(on_the_same(report.studies[i]) + answer(report.studies[i]) +
                                 on_constants(report.studies[i])));
    body +=
        "</ul>\n<section class=\"budgets\">\n" + legend(report.studies[0].contestants) +
        chart("budgets", "Final validation loss at each budget", tick_box("log", "logarithmic")) +
        hint(
            "Mean over the fresh seeds with its 95 % interval, each schedule at its own best "
            "peak of the budget.") +
        "</section>\n";
    for (std::size_t i = 0; i < report.studies.size(); ++i)
      body += fmt::format(
          "<section class=\"study\" data-study=\"{0}\" id=\"study-{0}\">\n<h2>{1}</h2>\n"
          "<p class=\"outcome\">{2}</p>\n{3}</section>\n",
          i, escape_markup(report.studies[i].conditions),
          marked(on_the_same(report.studies[i]) + answer(report.studies[i]) +
                 on_constants(report.studies[i])),
          study_html(report.studies[i], report.target, 3));
  }
  body += facts_html(report);
  std::string script;
  for (const std::string_view part :
       {web::compare_marks_js, web::compare_charts_js, web::compare_js})
    script += part;
  return page_text({.title = report.title,
                    .body = body,
                    .data = comparison_data(report),
                    .script = script,
                    .style = web::compare_css});
}

}  // namespace anneal::apps
