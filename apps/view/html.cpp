#include "apps/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "apps/view/page.h"
#include "apps/view/page_data.h"
#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {
namespace {

constexpr std::size_t most_rows = 40;  // of a table of numbers

// Writes a page, line by line. Whatever words come from the log go through text().
class Html {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(page_), format, std::forward<Args>(args)...);
    page_ += '\n';
  }
  std::string take() { return std::move(page_); }

 private:
  std::string page_;
};

std::string text(std::string_view untrusted) {
  return escape_markup(untrusted);
}

/// "nan" too: here a loss is a number, and what became of the run is said beside it.
std::string loss_number(double loss) {
  return std::isfinite(loss) ? loss_text(loss) : number_text(loss, 4);
}

std::string updates(std::int64_t count) {
  return fmt::format("{} update{}", grouped(count), count == 1 ? "" : "s");
}

std::string value_of(const Fields& fields, std::string_view name) {
  const auto found = std::ranges::find(
      fields, name, [](const auto& field) { return std::string_view(field.first); });
  return found == fields.end() ? "" : value_text(found->second);
}

std::int64_t updates_done(const RunLog& log) {
  if (log.result) return log.result->steps;
  const std::int64_t logged = log.steps.empty() ? 0 : log.steps.back().step + 1;
  return log.evaluations.empty() ? logged : std::max(logged, log.evaluations.back().step);
}

bool diverged(const RunLog& log) {
  return log.result && (log.result->diverged || log.result->stopped == Stopped::diverged);
}

// Indices of at most `most_rows` of `count` rows, evenly spread, first and last among them.
std::vector<std::size_t> spread(std::size_t count) {
  const std::size_t rows = std::min(count, most_rows);
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < rows; ++i) {
    indices.push_back(rows < 2 ? 0 : i * (count - 1) / (rows - 1));
  }
  return indices;
}

std::string caption(std::string_view what, std::size_t count) {
  if (count <= most_rows) return std::string(what);
  return fmt::format("{}: {} of {}", what, most_rows, grouped(static_cast<std::int64_t>(count)));
}

// What came of the run, in a sentence or two.
void add_outcome(Html& html, const RunLog& log) {
  const std::string of_all =
      fmt::format("{} of {}", grouped(updates_done(log)), updates(log.config.total_steps));
  if (log.result) {
    const RunResult& result = *log.result;
    html.add(R"(<p class="outcome"><strong>{}</strong> test accuracy and a test loss of
<strong>{}</strong> after {} in {}, {} samples a second.</p>)",
             percent_text(result.test_accuracy), loss_number(result.test_loss),
             result.stopped == Stopped::finished ? updates(result.steps) : of_all,
             result.seconds < 60.0 ? fmt::format("{:.1f} s", result.seconds)
                                   : clock_text(result.seconds),
             rate_text(result.samples_per_s));
  } else {
    html.add(R"(<p class="outcome">No result was recorded after {}: the run is still going, or was
killed.</p>)",
             of_all);
  }

  const auto alert = [&](std::string_view what, std::string_view more) {
    html.add(R"(<p class="alert" role="alert"><strong>{}</strong> {}</p>)", what, more);
  };
  if (diverged(log)) {
    const auto lost = std::ranges::find_if(
        log.steps, [](const StepRecord& step) { return !std::isfinite(step.loss); });
    alert("This run diverged.",
          lost == log.steps.end()
              ? "After its last update the loss was no longer a number."
              : fmt::format("From update {} on the loss was {}.", grouped(lost->step), lost->loss));
  } else if (log.result && log.result->stopped == Stopped::interrupted) {
    alert("This run was interrupted", "before its schedule came to its end.");
  }
  if (log.incomplete_last_line) {
    alert("The last line of the log was cut short", "and is left out.");
  }
}

void add_stages(Html& html, const RunLog& log) {
  html.add("<h2>Schedule</h2>\n<p><code>{}</code></p>", text(log.config.schedule));
  if (log.config.stages.empty()) return;
  const auto total = static_cast<double>(std::max<std::int64_t>(log.config.total_steps, 1));
  std::string strip;
  std::string rows;
  for (const Stage& stage : log.config.stages) {
    const auto number = &stage - log.config.stages.data() + 1;
    const std::int64_t length = stage.end - stage.begin;
    strip += fmt::format(R"(<span style="--share:{}">{}</span>)", length, number);
    rows += fmt::format(R"(<tr><td>{}</td><td class="word"><code>{}</code></td>)", number,
                        text(stage.text));
    rows += fmt::format("<td>{}</td><td>{}</td><td>{:.1f} %</td></tr>\n", grouped(stage.begin),
                        grouped(stage.end), 100.0 * static_cast<double>(length) / total);
  }
  html.add(R"(<div class="strip" aria-hidden="true">{}</div>
<div class="scroll"><table class="numbers">
<tr><th scope="col">#</th><th scope="col" class="word">stage</th><th scope="col">from</th>
<th scope="col">to</th><th scope="col">share</th></tr>
{}</table></div>)",
           strip, rows);
}

void add_figure(Html& html, std::string_view id, std::string_view title, std::string_view control) {
  html.add(R"(<figure><figcaption>{1}{2}</figcaption>
<div class="chart" id="{0}" tabindex="0" role="group" aria-label="Chart: {1}. Arrow keys move
through the updates; the numbers are in tables below."></div></figure>)",
           id, title, control);
}

void add_charts(Html& html, const RunLog& log) {
  html.add("<h2>Over the updates</h2>");
  if (log.steps.empty()) html.add("<p>The log holds no updates.</p>");
  html.add(R"(<p class="hint">Point at a chart, or go to it and use the arrow keys, to read values;
drag to zoom in, double-click to zoom out. The smoothed loss is the mean over {} to either side.</p>
<noscript><p>The charts need JavaScript; the tables below do not.</p></noscript>)",
           updates(smoothing_reach(log)));
  add_figure(html, "chart-lr", "Learning rate", "");
  add_figure(html, "chart-loss", "Loss",
             R"(<label><input type="checkbox" id="logarithmic"> logarithmic</label>)");
  add_figure(html, "chart-accuracy", "Validation accuracy, %", "");
  html.add(R"(<p id="readout" class="unseen" role="status"></p>)");
}

// Names and values, as they are shown in a table.
using Facts = std::vector<std::pair<std::string, std::string>>;

void add_facts(Html& html, std::string_view title, const Facts& facts, const Fields& fields) {
  html.add(R"(<h2>{}</h2><table class="facts">)", title);
  const auto add = [&](std::string_view name, std::string_view value) {
    html.add(R"(<tr><th scope="row">{}</th><td>{}</td></tr>)", text(name), text(value));
  };
  for (const auto& [name, value] : facts) add(name, value);
  for (const auto& [name, value] : fields) add(name, value_text(value));
  html.add("</table>");
}

Facts result_facts(const RunLog& log) {
  Facts facts = {{"updates", fmt::format("{} of {}", grouped(updates_done(log)),
                                         grouped(log.config.total_steps))}};
  if (!log.result) return facts;
  const RunResult& result = *log.result;
  const Facts more = {
      {"stopped", std::string(stopped_words.at(static_cast<std::size_t>(result.stopped)))},
      {"train loss", loss_number(result.train_loss)},
      {"test loss", loss_number(result.test_loss)},
      {"test accuracy", percent_text(result.test_accuracy)},
      {"time", fmt::format("{:.2f} s", result.seconds)},
      {"samples a second", fmt::format("{:.0f}", result.samples_per_s)},
      {"peak memory", fmt::format("{:.1f} MB", result.peak_rss_mb)},
      {"optimizer", result.optimizer},
      {"seed", fmt::format("{}", result.seed)},
      {"threads", fmt::format("{}", result.threads)}};
  facts.insert(facts.end(), more.begin(), more.end());
  return facts;
}

void add_numbers(Html& html, const RunLog& log) {
  html.add(R"(<h2>Numbers</h2>
<details><summary>The numbers behind the charts</summary>
<div class="scroll"><table class="numbers"><caption>{}</caption>
<tr><th scope="col">updates done</th><th scope="col">train loss</th>
<th scope="col">validation loss</th><th scope="col">validation accuracy</th></tr>)",
           caption("Evaluations", log.evaluations.size()));
  for (const std::size_t i : spread(log.evaluations.size())) {
    const EvaluationRecord& e = log.evaluations[i];
    html.add("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", grouped(e.step),
             loss_number(e.train_loss), loss_number(e.validation_loss),
             percent_text(e.validation_accuracy));
  }
  html.add(R"(</table></div>
<div class="scroll"><table class="numbers"><caption>{}</caption>
<tr><th scope="col">update</th><th scope="col">learning rate</th>
<th scope="col">minibatch loss</th></tr>)",
           caption("Updates", log.steps.size()));
  for (const std::size_t i : spread(log.steps.size())) {
    const StepRecord& step = log.steps[i];
    html.add("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", grouped(step.step),
             number_text(step.lr, 5), loss_number(step.loss));
  }
  html.add("</table></div></details>");
}

}  // namespace

std::string value_text(const Value& value) {
  struct Writer {
    std::string operator()(bool on) const { return on ? "yes" : "no"; }
    std::string operator()(const std::string& word) const { return word; }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(std::int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(std::uint64_t number) const { return fmt::format("{}", number); }
  };
  return std::visit(Writer{}, value);
}

std::string run_page(const RunLog& log) {
  const RunConfig& config = log.config;
  const std::string dataset = log.result ? log.result->dataset : value_of(config.dataset, "name");
  const std::string title =
      fmt::format("{}{}{}", config.schedule, dataset.empty() ? "" : " on ", dataset);
  Html html;
  html.add(R"(<p class="about">{}, {} parameters. {}, started {}.</p>)", text(config.model),
           grouped(config.parameters), text(config.program), text(config.started));
  add_outcome(html, log);
  add_stages(html, log);
  add_charts(html, log);
  add_facts(html, "Result", result_facts(log), {});
  add_facts(html, "Options", {{"updates per epoch", grouped(config.steps_per_epoch)}},
            config.options);
  add_facts(html, "Data", {}, config.dataset);
  html.add("<h2>Run it again</h2><pre><code>{}</code></pre>", text(config.command));
  add_numbers(html, log);
  return page_text(
      {.title = title, .body = html.take(), .data = page_data(log), .script = web::run_js});
}

}  // namespace anneal::apps
