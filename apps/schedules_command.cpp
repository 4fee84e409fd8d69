// anneal schedules: the catalogue, and curves before anything is trained.
#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/view/chart.h"
#include "apps/view/sparkline.h"
#include "apps/view/svg.h"
#include "apps/view/terminal.h"
#include "sched/parse.h"
#include "sched/registry.h"

namespace anneal::apps {
namespace {

struct SchedulesArguments {
  std::vector<std::string> specs;
  std::int64_t steps = 1000;
  std::int64_t steps_per_epoch = 100;
  double lr = 1.0;
  std::string format = "text";
  std::string output;
};

/// The absolute rate in force during each update.
std::vector<double> rates(const sched::Schedule& s, const SchedulesArguments& a) {
  std::vector<double> lr;
  for (sched::Step step = 0; step < a.steps; ++step)
    lr.push_back(
        a.lr *
        s({.step = step, .total = a.steps, .steps_per_epoch = a.steps_per_epoch, .history = {}}));
  return lr;
}

/// A log in which the loss falls and then stalls, to show what plateau does.
double catalogue_factor(const sched::Schedule& s, sched::Step step, sched::Step total) {
  std::vector<sched::Observation> log;
  for (sched::Step i = 1; i <= 100; ++i)
    log.push_back({i * total / 100, std::max(0.3, 1.0 - 0.02 * static_cast<double>(i))});
  return s(sched::Clock::at(step, total, total / 10, log));
}

std::string parameter_text(const sched::ParamInfo& p) {
  const bool ranged =
      std::holds_alternative<double>(p.initial) || std::holds_alternative<int>(p.initial);
  std::string text = fmt::format("{} = {}", p.name, sched::value_text(p.initial));
  if (ranged)
    text += fmt::format(" in [{}, {}]", sched::number_text(p.min), sched::number_text(p.max));
  return text;
}

void print_catalogue(std::ostream& out, const Terminal& terminal) {
  constexpr int curve_width = 24;
  out << "Each schedule gives a factor from the fraction t of its stage that is done; the "
         "learning\n"
         "rate is --lr times that factor.\n";
  for (const sched::Entry& entry : sched::registry()) {
    const sched::Schedule s = entry.make(entry.defaults());
    std::vector<double> curve;
    for (sched::Step step = 0; step < 960; ++step) curve.push_back(catalogue_factor(s, step, 960));
    out << fmt::format("\n{:<14}{}  {}\n", entry.name,
                       sparkline(curve, curve_width, terminal.unicode), entry.help)
        << fmt::format("{:14}{}\n", "", entry.formula);
    for (const sched::ParamInfo& p : entry.params)
      out << fmt::format("{:14}  {:<34} {}\n", "", parameter_text(p), p.help);
    if (!entry.source.empty()) out << fmt::format("{:14}{}\n", "", entry.source);
  }
  out << R"(
Combined:     a@5% | b | c@20%    one after another; a length is in updates (500), epochs (5ep)
                                  or percent of the whole, and one stage takes what is left
              a * b,  0.5 * a     products and scales
              repeat(3, a)        cycles
Draw some:    anneal schedules "warmup@5% | cosine" "linear" --steps 1000
)";
}

std::vector<Series> series_of(const std::vector<sched::Schedule>& schedules,
                              const SchedulesArguments& a) {
  std::vector<Series> all;
  for (const sched::Schedule& s : schedules) {
    Series series{s.text(), {}, rates(s, a)};
    for (std::int64_t step = 0; step < a.steps; ++step)
      series.x.push_back(static_cast<double>(step));
    all.push_back(std::move(series));
  }
  return all;
}

std::string as_json(const std::vector<Series>& all) {
  nlohmann::json curves = nlohmann::json::array();
  for (const Series& s : all) curves.push_back({{"spec", s.name}, {"lr", s.y}});
  return nlohmann::json{{"curves", curves}}.dump() + "\n";
}

/// One column for each schedule, its text quoted as RFC 4180 has it.
std::string as_csv(const std::vector<Series>& all, std::int64_t steps) {
  std::string csv = "step";
  for (const Series& s : all) {
    std::string quoted;
    for (const char c : s.name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    csv += ",\"" + quoted + "\"";
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    csv += "\n" + std::to_string(step);
    for (const Series& s : all)
      csv += "," + sched::number_text(s.y[static_cast<std::size_t>(step)]);
  }
  return csv + "\n";
}

std::string as_text(const std::vector<sched::Schedule>& schedules, const std::vector<Series>& all,
                    const SchedulesArguments& a, const Terminal& terminal) {
  std::string text;
  for (const sched::Schedule& s : schedules) {
    text += s.text() + "\n";
    for (const sched::Stage& stage : s.stages(a.steps, a.steps_per_epoch))
      text += fmt::format("  {:>8} - {:<8} {}\n", stage.begin, stage.end, stage.text);
  }
  return text + "\n" +
         terminal_chart(all, {.x_label = "update",
                              .y_label = a.lr == 1.0 ? "factor" : "learning rate",
                              .width = std::min(terminal.columns, 100),
                              .height = 20,
                              .colour = terminal.colour,
                              .unicode = terminal.unicode});
}

int run_schedules(const SchedulesArguments& a) {
  const Terminal terminal = find_terminal(STDOUT_FILENO);
  if (a.specs.empty()) {
    print_catalogue(std::cout, terminal);
    return 0;
  }
  std::vector<sched::Schedule> schedules;
  for (const std::string& spec : a.specs) {
    schedules.push_back(sched::parse(spec));
    schedules.back().stages(a.steps, a.steps_per_epoch);  // throws for what does not fit
  }
  const std::vector<Series> all = series_of(schedules, a);
  std::string text;
  if (a.format == "json") text = as_json(all);
  if (a.format == "csv") text = as_csv(all, a.steps);
  if (a.format == "text") text = as_text(schedules, all, a, terminal);
  if (a.format == "svg")
    text = svg_chart(all, {.title = all.size() == 1 ? all[0].name : "Learning-rate schedules",
                           .x_label = "update",
                           .y_label = a.lr == 1.0 ? "factor" : "learning rate",
                           .description = ""});
  if (a.output.empty()) {
    std::cout << text;
    return 0;
  }
  std::ofstream file(a.output);
  file << text;
  if (!file.flush()) fail(Fault::world, a.output + ": cannot be written");
  return 0;
}

}  // namespace

Command declare_schedules(CLI::App& app) {
  const auto a = std::make_shared<SchedulesArguments>();
  app.add_option("SCHEDULE", a->specs, "Schedules to draw; none: list what there is");
  whole(app, "--steps", a->steps, 1, 100'000'000, "Updates in the run");
  whole(app, "--steps-per-epoch", a->steps_per_epoch, 1, 100'000'000, "What 1ep is in updates");
  number(app, "--lr", a->lr, 0.0, 1e6, "Learning rate at factor 1");
  word(app, "--format", a->format, {"text", "csv", "json", "svg"}, "What to print");
  app.add_option("--output", a->output, "File to write instead of the terminal");
  return [a] { return run_schedules(*a); };
}

}  // namespace anneal::apps
