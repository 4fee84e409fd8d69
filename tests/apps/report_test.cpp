#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "apps/run_log.h"
#include "apps/view/html.h"
#include "apps/view/page_data.h"
#include "apps/view/svg.h"

using namespace anneal::apps;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++found;
  }
  return found;
}

// Whether each element is closed where it should be, and every attribute is quoted. `empty` names
// the elements that HTML never closes.
bool well_formed(std::string_view text, const std::vector<std::string_view>& empty = {}) {
  std::vector<std::string_view> open;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    std::size_t end = at + 1;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<') return false;
    }
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    const std::string_view name = tag.substr(0, tag.find_first_of(" \n"));
    at = end;
    if (tag.starts_with('!') || tag.ends_with('/')) continue;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (std::find(empty.begin(), empty.end(), name) == empty.end()) {
      open.push_back(name);
      if (name == "script" || name == "style") at = text.find("</" + std::string(name), at);
    }
  }
  return open.empty();
}

bool well_formed_page(const std::string& page) {
  return well_formed(page, {"meta", "input"});
}

std::vector<double> label_heights(const std::string& svg) {
  std::vector<double> heights;
  const std::string_view mark = "<text class=\"name\"";
  for (std::size_t at = svg.find(mark); at != std::string::npos; at = svg.find(mark, at + 1)) {
    heights.push_back(std::stod(svg.substr(svg.find("y=\"", at) + 3)));
  }
  return heights;
}

RunLog example(int steps) {
  RunLog log;
  log.config = {.program = "anneal 0.1.0",
                .command = "anneal train --epochs 2",
                .started = "2026-11-23T20:00:00Z",
                .options = {{"lr", 0.001}, {"shuffle", true}},
                .dataset = {{"name", std::string("mnist")}},
                .model = "784-128-10",
                .parameters = 101770,
                .schedule = "warmup@5% | cosine",
                .stages = {{"warmup", 0, 100}, {"cosine", 100, 2000}},
                .steps_per_epoch = 1000,
                .total_steps = 2000};
  for (int i = 0; i < steps; ++i) log.steps.push_back({i, 1e-3, 2.0 / (1 + i)});
  return log;
}

RunResult result_of(const RunLog& log) {
  return {.dataset = "mnist",
          .schedule = log.config.schedule,
          .optimizer = "adam",
          .seed = 7,
          .threads = 2,
          .steps = static_cast<std::int64_t>(log.steps.size()),
          .samples_per_s = 312345.0,
          .train_loss = 0.1,
          .test_loss = 0.0712,
          .test_accuracy = 0.9792,
          .peak_rss_mb = 200.0,
          .seconds = 6.4};
}

nlohmann::json data_in(const std::string& page) {
  const std::string_view mark = "id=\"run-data\">";
  const std::size_t begin = page.find(mark) + mark.size();
  return nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

}  // namespace

TEST_CASE("an SVG chart is well-formed, with its texts escaped and its gaps left open") {
  const std::vector<Series> series = {{"<b>&\"'", {0, 1, 2, 3, 4}, {1, 2, NAN, 2, 1}},
                                      {"other", {0, 4}, {1, 2}}};
  const std::string svg =
      svg_chart(series, {.title = "a < b", .x_label = "x & y", .y_label = "\"y\"\x01"});
  CHECK(well_formed(svg));
  CHECK(contains(svg, "&lt;b&gt;&amp;&quot;&#39;"));
  CHECK_FALSE(contains(svg, "<b>"));
  CHECK_FALSE(contains(svg, "nan"));
  CHECK(contains(svg, "prefers-color-scheme: dark"));
  CHECK(contains(svg, "role=\"img\" aria-label=\"a &lt; b\""));
  const std::size_t path = svg.find("<path class=\"curve\"");
  CHECK(count(svg.substr(path, svg.find("/>", path) - path), "M") == 2);
}

TEST_CASE("names beside the curves do not overlap, and stay in the picture") {
  for (const int curves : {2, 5, 14, 40}) {
    CAPTURE(curves);
    std::vector<Series> series(static_cast<std::size_t>(curves), {"curve", {0, 1}, {1.0, 0.0}});
    for (std::size_t i = 0; i < series.size(); ++i) {
      series[i].y[1] = 1e-3 * static_cast<double>(i % 3);
    }
    const std::string svg = svg_chart(series, {.height = 200});
    const auto heights = label_heights(svg);
    REQUIRE(static_cast<int>(heights.size()) == curves);
    const std::size_t box = svg.find("viewBox=\"0 0 ");
    const double picture = std::stod(svg.substr(svg.find(' ', box + 13)));
    for (std::size_t i = 0; i < heights.size(); ++i) {
      CHECK(heights[i] > 10.0);
      CHECK(heights[i] < picture);
      if (i > 0) CHECK(heights[i] - heights[i - 1] >= 16.9);
    }
  }
}

TEST_CASE("an SVG chart of a million points stays small and keeps its outlier") {
  Series series{"", {}, {}};
  for (int i = 0; i < 1'000'000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 777'777 ? 4.0 : 0.0);
  }
  const std::string svg = svg_chart(std::span(&series, 1), {});
  CHECK(svg.size() < 60'000);
  CHECK(contains(svg, " 16.0"));  // the top of the plot, where 4 is
}

TEST_CASE("an SVG chart of nothing says so") {
  CHECK(contains(svg_chart({}, {}), "no points to draw"));
  const std::vector<Series> none = {{"a", {0}, {NAN}}, {"b", {}, {}}};
  const std::string svg = svg_chart(none, {.log_y = true});
  CHECK(well_formed(svg));
  CHECK(contains(svg, "no points to draw"));
  CHECK_FALSE(contains(svg, "nan"));
}

TEST_CASE("a run's page tells the result, the stages, the options and how to run it again") {
  RunLog log = example(2000);
  log.evaluations = {{1000, 0.2, 0.25, 0.95}, {2000, 0.1, 0.15, 0.9712}};
  log.result = result_of(log);
  const std::string page = run_page(log);
  CHECK(well_formed_page(page));
  CHECK(contains(page, "<title>warmup@5% | cosine on mnist</title>"));
  CHECK(contains(page,
                 "<strong>97.92 %</strong> test accuracy and a test loss of\n"
                 "<strong>0.0712</strong> after 2,000 updates in 6.4 s, 312k samples"));
  CHECK(contains(page, "<code>cosine</code></td><td>100</td><td>2,000</td><td>95.0 %</td>"));
  CHECK(contains(page, "<th scope=\"row\">lr</th><td>0.001</td>"));
  CHECK(contains(page, "<th scope=\"row\">shuffle</th><td>yes</td>"));
  CHECK(contains(page, "<pre><code>anneal train --epochs 2</code></pre>"));
  CHECK(contains(page, "<td>2,000</td><td>0.1000</td><td>0.1500</td><td>97.12 %</td>"));
  CHECK_FALSE(contains(page, "role=\"alert\""));
}

TEST_CASE("the page needs no other file and no network") {
  const std::string page = run_page(example(10));
  CHECK(contains(page, "default-src 'none'"));
  for (const char* reach : {" src=", " href=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    CAPTURE(reach);
    CHECK_FALSE(contains(page, reach));
  }
  CHECK(contains(page, "The MIT License"));  // uPlot's, which travels with it
  CHECK(count(page, "<script") == 3);
  CHECK(count(page, "</script") == 3);
}

TEST_CASE("whatever a log's texts hold, they stay texts") {
  const std::string attack = "</script></style><img src=x onerror=\"alert(1)\">'";
  RunLog log = example(3);
  log.config.program = log.config.command = log.config.started = attack;
  log.config.model = log.config.schedule = log.config.stages[0].text = attack;
  log.config.options = {{attack, attack}};
  log.config.dataset = {{attack, attack}, {"name", attack}};
  log.result = result_of(log);
  log.result->dataset = log.result->schedule = log.result->optimizer = attack;
  const std::string page = run_page(log);
  CHECK(well_formed_page(page));
  CHECK_FALSE(contains(page, "<img"));
  CHECK(count(page, "</script") == 3);
  CHECK(count(page, "</style") == 1);
  CHECK(count(page,
              "&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;") >=
        12);
}

TEST_CASE("the charts get the log's numbers, with gaps where they are not finite") {
  RunLog log = example(0);
  log.steps = {{0, 0.5, 2.0}, {1, 0.25, NAN}, {2, 0.125, HUGE_VAL}, {3, 0.0625, 1.0 / 3.0}};
  log.evaluations = {{2, 1.0, NAN, 0.5}, {4, 1.0, 0.75, 0.875}};
  const nlohmann::json data = data_in(run_page(log));
  CHECK(data["total_steps"] == 2000);
  CHECK(data["stages"] == nlohmann::json::parse("[[0,100],[100,2000]]"));
  CHECK(data["steps"]["x"] == nlohmann::json::parse("[0,1,2,3]"));
  CHECK(data["steps"]["lr"] == nlohmann::json::parse("[0.5,0.25,0.125,0.0625]"));
  CHECK(data["steps"]["loss"] == nlohmann::json::parse("[2,null,null,0.333333]"));
  CHECK(data["steps"]["smooth"] == nlohmann::json::parse("[2,null,null,0.333333]"));
  CHECK(data["evaluations"]["x"] == nlohmann::json::parse("[2,4]"));
  CHECK(data["evaluations"]["loss"] == nlohmann::json::parse("[null,0.75]"));
  CHECK(data["evaluations"]["accuracy"] == nlohmann::json::parse("[50,87.5]"));
}

TEST_CASE("the smoothed loss is the mean of its neighbourhood, cut short at the ends") {
  RunLog log = example(0);
  for (int i = 0; i < 200; ++i) log.steps.push_back({i, 0.1, static_cast<double>(i * i)});
  REQUIRE(smoothing_reach(log) == 2);
  const nlohmann::json smooth = data_in(run_page(log))["steps"]["smooth"];
  CHECK(smooth[0] == doctest::Approx((0.0 + 1 + 4) / 3).epsilon(1e-5));
  CHECK(smooth[10] == doctest::Approx(102.0));  // mean of i * i over i = 8..12
  CHECK(smooth[199] == doctest::Approx(198.0 * 198 + 2.0 / 3).epsilon(1e-5));
}

TEST_CASE("a long run's page stays small, and keeps the spike in its loss") {
  RunLog log = example(300'000);
  log.config.total_steps = 300'000;
  log.steps[123'456].loss = 1e6;
  const nlohmann::json data = data_in(run_page(log));
  CHECK(data["steps"]["x"].size() < 16'000);
  const auto& x = data["steps"]["x"];
  const auto at = std::find(x.begin(), x.end(), 123'456);
  REQUIRE(at != x.end());
  CHECK(data["steps"]["loss"][static_cast<std::size_t>(at - x.begin())] == 1e6);
}

TEST_CASE("a run that diverged, broke off or is still going is said to have done so") {
  RunLog log = example(500);
  CHECK(contains(run_page(log), "No result was recorded after 500 of 2,000 updates"));
  log.incomplete_last_line = true;
  CHECK(contains(run_page(log), "The last line of the log was cut short"));
  log.incomplete_last_line = false;

  log.result = result_of(log);
  log.result->stopped = Stopped::interrupted;
  CHECK(contains(run_page(log), "<strong>This run was interrupted</strong>"));
  CHECK(contains(run_page(log), "after 500 of 2,000 updates"));

  log.result->stopped = Stopped::diverged;
  log.result->diverged = true;
  log.result->test_loss = NAN;
  CHECK(contains(run_page(log), "<strong>This run diverged.</strong> After its last update"));
  log.steps[321].loss = HUGE_VAL;
  const std::string page = run_page(log);
  CHECK(well_formed_page(page));
  CHECK(contains(page, "<strong>This run diverged.</strong> From update 321 on the loss was inf."));
  CHECK(contains(page, "test loss of\n<strong>nan</strong>"));
}

TEST_CASE("a run of which nothing is known but its configuration has a page, too") {
  RunLog log = example(0);
  log.config.stages.clear();
  log.config.total_steps = 0;
  const std::string page = run_page(log);
  CHECK(well_formed_page(page));
  CHECK(contains(page, "The log holds no updates."));
  CHECK(data_in(page)["steps"]["x"].empty());
}
