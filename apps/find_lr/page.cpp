// A range test as a page.
#include "apps/view/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "apps/find_lr/report.h"
#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {
namespace {

constexpr std::size_t most_rows = 40;  // of the table of numbers

std::string array(const std::vector<double>& values) {
  return fmt::format("[{:.6g}]", fmt::join(values, ","));  // more than a chart can show
}

/// The numbers that the chart draws, as JSON.
std::string chart_data(const RangeTest& test) {
  const std::vector<double> rates(test.rates.begin(), test.rates.begin() + std::ssize(test.mean));
  std::string marks;
  for (std::size_t r = 0; r < rule_count; ++r) {
    if (!is_offered(test, r)) continue;
    const auto [low, high] = spread_of(test, r);
    marks +=
        fmt::format(R"({}{{"rule":"{}","lr":{:.6g},"low":{:.6g},"high":{:.6g}}})",
                    marks.empty() ? "" : ",", rules[r].name, test.suggested[r].rate, low, high);
  }
  return fmt::format(R"({{"lr":{},"mean":{},"lowest":{},"highest":{},"marks":[{}]}})", array(rates),
                     array(test.mean), array(test.lowest), array(test.highest), marks);
}

std::string rules_table(const RangeTest& test) {
  std::string out = R"(<div class="scroll"><table class="numbers">
<tr><th scope="col">#</th><th scope="col" class="word">rule</th><th scope="col">suggests</th>
<th scope="col">for single seeds</th><th scope="col" class="word">where</th>
<th scope="col" class="word">from</th></tr>
)";
  int number = 0;
  for (std::size_t r = 0; r < rule_count; ++r) {
    if (!is_offered(test, r)) continue;
    out += fmt::format(R"(<tr><td>{}</td><td class="word">{}</td><td><strong>{}</strong></td>
<td>{}</td><td class="word">{}</td><td class="word">{}</td></tr>
)",
                       ++number, rules[r].name, number_text(test.suggested[r].rate, 2),
                       spread_text(test, r), rules[r].meaning, escape_markup(rules[r].source));
  }
  return out + "</table></div>\n";
}

std::string numbers_table(const RangeTest& test) {
  const std::size_t count = test.mean.size();
  std::string out = R"(<details><summary>The numbers behind the chart</summary>
<div class="scroll"><table class="numbers"><caption>Smoothed loss; find-lr.csv has every update and
digit</caption><tr><th scope="col">update</th><th scope="col">learning rate</th>
<th scope="col">mean</th><th scope="col">lowest seed</th><th scope="col">highest seed</th></tr>
)";
  const std::size_t rows = std::min(count, most_rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t i = rows < 2 ? 0 : row * (count - 1) / (rows - 1);
    out += fmt::format(
        "<tr><td>{}</td><td>{}</td><td>{:.4f}</td><td>{:.4f}</td><td>{:.4f}</td></tr>\n", i,
        number_text(test.rates[i], 4), test.mean[i], test.lowest[i], test.highest[i]);
  }
  return out + "</table></div></details>\n";
}

}  // namespace

std::string range_page(const RangeTestOptions& o, const RangeFacts& facts, const RangeTest& test) {
  std::string body =
      fmt::format("<p class=\"about\">{}. {}. Learning rates {}.</p>\n", escape_markup(facts.data),
                  escape_markup(facts.conditions), escape_markup(range_text(o)));
  if (const auto suggested = suggested_rate(test)) {
    body += fmt::format("<p class=\"figure\"><strong>{}</strong> {}</p>\n", rate_text(*suggested),
                        rate_origin(test, *suggested));
    for (const auto& [what, command] :
         {std::pair{"Train with it", training_command(facts, test)},
          {"Tune around it, which is better", tuning_command(facts, test)}})
      body += fmt::format("<p>{}</p>\n<pre><code>{}</code></pre>\n", what, escape_markup(command));
  }
  for (const std::string& text : advice(test))
    body += fmt::format("<p>{}</p>\n", escape_markup(text));
  body += R"(<h2>What the rules say</h2>
)" + rules_table(test);
  body += fmt::format(R"(<h2>The test</h2>
<p class="hint">Training begins afresh with a tiny rate that is raised with every update. The loss is
an exponentially weighted average over about {:.0f} updates, which lags behind. The band reaches from the
lowest to the highest seed; each mark, with its number in the table, is a suggestion for the mean, its
bar what it is for single seeds. Drag to zoom in, double-click to zoom out.</p>
<noscript><p>The chart needs JavaScript; the tables do not.</p></noscript>
<figure><figcaption>Smoothed training loss over the learning rate</figcaption>
<div class="chart" id="chart" tabindex="0" role="group" aria-label="Chart: smoothed training loss over
the learning rate. Arrow keys move through the updates; the numbers are in the table below."></div>
</figure>
<p id="readout" class="unseen" role="status"></p>
)",
                      smoothing_window);
  body += fmt::format("<h2>Run it again</h2><pre><code>{}</code></pre>\n<h2>Numbers</h2>\n",
                      escape_markup(facts.command));
  body += numbers_table(test);
  return page_text({.title = "Learning-rate range test",
                    .body = std::move(body),
                    .data = chart_data(test),
                    .script = web::find_lr_js});
}

}  // namespace anneal::apps
