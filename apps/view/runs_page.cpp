#include "apps/view/runs_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "apps/view/html.h"
#include "apps/view/page.h"
#include "apps/view/page_data.h"
#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {
namespace {

/// The colour and the dashes that a run has in all charts, as a mark beside its name.
std::string mark(std::size_t run) {
  return fmt::format(
      R"(<svg class="swatch s{} d{}" aria-hidden="true"><line x1="0" y1="5" x2="24" y2="5"/></svg>)",
      run % 8, run / 8 % 4);
}

std::string dataset_of(const RunLog& log) {
  const auto found =
      std::ranges::find(log.config.dataset, "name", &std::pair<std::string, Value>::first);
  return found == log.config.dataset.end() ? "" : value_text(found->second);
}

std::string became_of(const RunLog& log) {
  if (!log.result) return "no result: still going, or killed";
  if (log.result->diverged) return "diverged";
  return std::string(stopped_words.at(static_cast<std::size_t>(log.result->stopped)));
}

bool has_accuracy(const RunLog& log) {
  return log.result && !log.result->diverged;
}

/// Who is ahead, for a reader who has a second.
std::string outcome(std::span<const NamedRun> runs) {
  std::vector<const NamedRun*> ended;
  for (const NamedRun& run : runs)
    if (has_accuracy(run.log)) ended.push_back(&run);
  if (ended.size() < 2) return "Fewer than two of these runs have a result.";
  const auto accuracy = [](const NamedRun* run) { return run->log.result->test_accuracy; };
  const auto [least, most] = std::ranges::minmax_element(ended, {}, accuracy);
  return fmt::format(
      "<strong>{}</strong> has the highest test accuracy, <strong>{}</strong>; {} the lowest, {}. "
      "These are single runs: another seed may turn small differences around, and "
      "<code>anneal compare</code> says which ones last.",
      escape_markup((*most)->name), percent_text(accuracy(*most)), escape_markup((*least)->name),
      percent_text(accuracy(*least)));
}

/// All values of an option that may stand there several times.
std::string option_of(const RunLog& log, const std::string& name) {
  std::string text;
  for (const auto& [option, value] : log.config.options)
    if (option == name) text += (text.empty() ? "" : "; ") + value_text(value);
  return text;
}

/// Of the updates that were done.
std::string highest_rate(const RunLog& log) {
  if (log.steps.empty()) return "–";
  return number_text(std::ranges::max(log.steps, {}, &StepRecord::lr).lr, 3);
}

std::string results_table(std::span<const NamedRun> runs) {
  std::string rows;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& [name, log] = runs[i];
    const std::int64_t last = log.steps.empty() ? 0 : log.steps.back().step + 1;
    fmt::format_to(
        std::back_inserter(rows),
        R"(<tr><td class="word">{}<span data-run="{}" data-lost="{}">{}</span></td><td class="word"><code>{}</code></td>
<td class="word">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{} of {}</td><td class="word">{}</td></tr>
)",
        mark(i), i, log.result && log.result->diverged, escape_markup(name),
        escape_markup(log.config.schedule), escape_markup(option_of(log, "optimizer")),
        highest_rate(log), has_accuracy(log) ? percent_text(log.result->test_accuracy) : "–",
        has_accuracy(log) ? loss_text(log.result->test_loss) : "–",
        grouped(log.result ? log.result->steps : last), grouped(log.config.total_steps),
        became_of(log));
  }
  return R"(<div class="scroll"><table class="numbers results">
<tr><th scope="col" class="word">run</th><th scope="col" class="word">schedule</th>
<th scope="col" class="word">optimizer</th><th scope="col">highest rate</th>
<th scope="col">test accuracy</th><th scope="col">test loss</th><th scope="col">updates</th>
<th scope="col" class="word">became</th></tr>
)" + rows +
         "</table></div>";
}

std::string differences_table(std::span<const NamedRun> runs) {
  std::vector<std::string> names;
  for (const NamedRun& run : runs)
    for (const auto& [name, value] : run.log.config.options)
      if (name != "out" && name != "json" && std::ranges::find(names, name) == names.end())
        names.push_back(name);
  std::string rows;
  for (const std::string& name : names) {
    const auto is_first = [&](const NamedRun& run) {
      return option_of(run.log, name) == option_of(runs[0].log, name);
    };
    if (std::ranges::all_of(runs, is_first)) continue;
    rows += "<tr><th scope=\"row\" class=\"word\">" + escape_markup(name) + "</th>";
    for (const NamedRun& run : runs)
      rows += "<td class=\"word\">" + escape_markup(option_of(run.log, name)) + "</td>";
    rows += "</tr>\n";
  }
  if (rows.empty()) return "<p>All options are the same.</p>";
  std::string head = "<tr><th scope=\"col\" class=\"word\">option</th>";
  for (const NamedRun& run : runs)
    head += "<th scope=\"col\" class=\"word\">" + escape_markup(run.name) + "</th>";
  return "<div class=\"scroll\"><table class=\"numbers differences\">\n" + head + "</tr>\n" + rows +
         "</table></div>";
}

std::string figure(const char* id, const char* title, bool logarithmic = false) {
  return fmt::format(
      R"(<figure><figcaption>{1}{2}</figcaption>
<div class="chart" id="{0}" role="group" aria-label="Chart: {1}"></div></figure>
)",
      id, title,
      logarithmic ? R"( <label><input type="checkbox" id="logarithmic"> logarithmic</label>)" : "");
}

}  // namespace

std::string runs_page(std::span<const NamedRun> runs) {
  const std::string dataset = dataset_of(runs[0].log);
  const bool on_the_same = std::ranges::all_of(
      runs, [&](const NamedRun& run) { return dataset_of(run.log) == dataset; });
  std::string body = fmt::format("<p class=\"outcome\">{}</p>\n", outcome(runs));
  body += "<h2>What came of them</h2>\n" + results_table(runs);
  body += R"(<h2>Over the updates</h2>
<p class="hint">Point at a chart to read values; drag to zoom in, double-click to zoom out; click a
name below a chart to hide its curve.</p>
<noscript><p>The charts need JavaScript; the tables do not.</p></noscript>
)";
  body += figure("chart-lr", "Learning rate");
  body += figure("chart-loss", "Training loss, smoothed", true);
  body += figure("chart-validation", "Validation loss");
  body += figure("chart-accuracy", "Validation accuracy, %");
  body += "<h2>What differs</h2>\n" + differences_table(runs);
  body += "<h2>Run them again</h2>\n";
  std::string data;
  for (const NamedRun& run : runs) {
    body += fmt::format("<pre><code>{}</code></pre>\n", escape_markup(run.log.config.command));
    data += (data.empty() ? "" : ",") + page_data(run.log);
  }
  return page_text({.title = fmt::format("{} runs{}", runs.size(),
                                         on_the_same && !dataset.empty() ? " on " + dataset : ""),
                    .body = body,
                    .data = "[" + data + "]",
                    .script = web::runs_js,
                    .style = web::compare_css});
}

}  // namespace anneal::apps
