// anneal schedules: the catalogue, and curves before anything is trained.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/fail.h"
#include "apps/metrics_file.h"
#include "apps/options.h"
#include "apps/sample_losses.h"
#include "apps/stages.h"
#include "apps/view/chart.h"
#include "apps/view/quote.h"
#include "apps/view/read_file.h"
#include "apps/view/sparkline.h"
#include "apps/view/svg.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"
#include "sched/code.h"
#include "sched/fail.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "sched/peers/peers.h"
#include "sched/registry.h"

namespace anneal::apps {
namespace {

struct SchedulesArguments {
  std::vector<std::string> specs;
  std::int64_t steps = 1000;
  std::int64_t steps_per_epoch = 100;
  double lr = 1.0;
  std::string metrics;
  std::string format;  ///< empty: by the name of the output, else text
  std::string output;
  bool peers = false;
  std::string code;  ///< the system to print code for
};

/// One schedule as asked for.
struct Asked {
  std::string spec;  ///< as it was written
  sched::Schedule schedule;
  std::optional<sched::Schedule> momentum;  ///< where a peer's schedule moves it
};

Asked read_spec(const std::string& spec, double lr) {
  if (auto translated = sched::peers::translate(spec, lr))
    return {spec, std::move(translated->lr), std::move(translated->momentum)};
  return {spec, sched::parse(spec, lr), {}};
}

/// `scale` times the factor in force during each update.
std::vector<double> values(const sched::Schedule& s, const SchedulesArguments& a, double scale,
                           const std::vector<sched::Observation>& log) {
  std::vector<double> out;
  sched::Memory memory;
  for (sched::Step step = 0; step < a.steps; ++step)
    out.push_back(scale * s(sched::Clock::at(step, a.steps, a.steps_per_epoch, log, &memory)));
  return out;
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
  constexpr sched::Step drawn = 960;
  const std::vector<sched::Observation> losses = sample_losses(drawn);
  out << "Each schedule gives a factor from the fraction t of its stage that is done; the "
         "learning\n"
         "rate is --lr times that factor.\n";
  for (const sched::Entry& entry : sched::registry()) {
    const sched::Schedule s = sched::parse(entry.shown[0]);
    std::vector<double> curve;
    for (sched::Step step = 0; step < drawn; ++step)
      curve.push_back(s(sched::Clock::at(step, drawn, drawn / 10, losses)));
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
              a * b,  a + b,  0.5 * a
)";
  for (const sched::Combinator& c : sched::combinators())
    out << fmt::format("{:14}{}\n{:16}{}\n", "", c.usage, "", c.help);
  out << "Others':      ";
  std::string names;
  for (const sched::peers::Peer& p : sched::peers::all())
    names += (names.empty() ? "" : ", ") + std::string(p.name);
  out << "torch.OneCycleLR(max_lr=0.1, total_steps=100) and all that is in\n              " << names
      << ";\n              anneal schedules --peers lists them\n"
      << R"(Draw some:    anneal schedules "warmup@5% | cosine" "linear" --steps 1000
)";
}

/// What can be written of other systems, and what may surprise there.
void print_peers(std::ostream& out) {
  out << "Other systems' schedules, written as in Python. One call of their step() is one update; "
         "a\nrate that is not given there is --lr.\n";
  for (const sched::peers::Peer& peer : sched::peers::all()) {
    out << fmt::format("\n{}\n", peer.title);
    for (const sched::peers::Class& c : peer.classes) {
      out << fmt::format("  {}.{}({})\n", peer.name, c.name, c.signature);
      if (!c.note.empty()) out << fmt::format("      {}\n", c.note);
    }
  }
}

std::vector<Series> rates_of(const std::vector<Asked>& asked, const SchedulesArguments& a,
                             const std::vector<sched::Observation>& log) {
  constexpr std::int64_t most = 10'000'000;  // some hundred bytes each, as text
  if (a.steps > most / std::ssize(asked))
    fail(Fault::argument,
         fmt::format("--steps {} of {}: at most {} numbers are drawn or written at once", a.steps,
                     counted(std::ssize(asked), "schedule"), grouped(most)));
  std::vector<Series> all;
  for (const Asked& one : asked) {
    Series series{one.spec, {}, values(one.schedule, a, a.lr, log)};
    for (std::int64_t step = 0; step < a.steps; ++step)
      series.x.push_back(static_cast<double>(step));
    all.push_back(std::move(series));
  }
  return all;
}

std::string as_json(const std::vector<Asked>& asked, const std::vector<Series>& all,
                    const SchedulesArguments& a, const std::vector<sched::Observation>& log) {
  nlohmann::ordered_json curves = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < all.size(); ++i) {
    nlohmann::ordered_json curve{
        {"spec", asked[i].spec}, {"schedule", asked[i].schedule.text()}, {"lr", all[i].y}};
    if (asked[i].momentum) curve["momentum"] = values(*asked[i].momentum, a, 1.0, log);
    curves.push_back(std::move(curve));
  }
  using Json = nlohmann::ordered_json;
  return Json{{"curves", curves}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// One column for each schedule.
std::string as_csv(const std::vector<Series>& all, std::int64_t steps) {
  std::string csv = "step";
  for (const Series& s : all) csv += "," + csv_field(s.name);
  for (std::int64_t step = 0; step < steps; ++step) {
    csv += "\n" + std::to_string(step);
    for (const Series& s : all)
      csv += "," + sched::number_text(s.y[static_cast<std::size_t>(step)]);
  }
  return csv + "\n";
}

std::string as_text(const std::vector<Asked>& asked, const std::vector<Series>& all,
                    const SchedulesArguments& a, const Terminal& terminal) {
  std::string text;
  for (const Asked& one : asked) {
    text += printable(one.spec, true) + "\n";
    if (one.spec != one.schedule.text()) text += "  = " + sched::shown(one.schedule.text()) + "\n";
    for (const sched::Stage& stage : one.schedule.stages(a.steps, a.steps_per_epoch))
      text += fmt::format("  {:>8} - {:<8} {}\n", stage.begin, stage.end, sched::shown(stage.text));
  }
  return printable_lines(text) + "\n" +
         terminal_chart(all, {.x_label = "update",
                              .y_label = a.lr == 1.0 ? "factor" : "learning rate",
                              .width = std::min(terminal.columns, 100),
                              .height = 20,
                              .colour = terminal.colour,
                              .unicode = terminal.unicode});
}

std::string code_text(const std::vector<Asked>& asked, const SchedulesArguments& a) {
  if (asked.size() != 1)
    fail(Fault::argument, "--export is for one schedule, got " + std::to_string(asked.size()));
  const sched::System system = a.code == "torch"   ? sched::System::torch
                               : a.code == "keras" ? sched::System::keras
                               : a.code == "optax" ? sched::System::optax
                                                   : sched::System::python;
  return sched::code_of(asked[0].schedule, system,
                        {.spec = asked[0].spec,
                         .lr = a.lr,
                         .total = a.steps,
                         .steps_per_epoch = a.steps_per_epoch,
                         .momentum = asked[0].momentum});
}

/// What is read, or took hours to compute, is not written over.
void check_output(const SchedulesArguments& a) {
  const auto is_output = [&](const std::string& file) {
    std::error_code unknown;
    return std::filesystem::equivalent(a.output, file, unknown);
  };
  if (!a.metrics.empty() && is_output(a.metrics))
    fail(Fault::argument, "--output " + a.output + " is what --metrics reads");
  for (const std::string& spec : a.specs)
    if (spec.find("'" + a.output + "'") != std::string::npos && std::filesystem::exists(a.output))
      fail(Fault::argument, "--output " + a.output + " is a file that " + spec + " reads");
  if (std::filesystem::is_regular_file(a.output) &&
      read_start(a.output, 64).starts_with(R"({"type":"config")"))
    fail(Fault::argument, "--output " + a.output + " is the log of a run");
}

int print(const std::string& text, const SchedulesArguments& a) {
  if (a.output.empty()) {
    std::cout << text;
    return 0;
  }
  write_file(a.output, text);
  return 0;
}

/// "svg" for curve.svg, where no format is asked for.
std::string format_of(const SchedulesArguments& a) {
  if (!a.format.empty()) return a.format;
  const std::string extension = std::filesystem::path(a.output).extension().string();
  for (const char* known : {"csv", "json", "svg"})
    if (extension == std::string(".") + known) return known;
  if (a.code.empty() && !extension.empty() && extension != ".txt")
    fail(Fault::argument, "--output " + a.output + ": which format is '" + extension +
                              "'? .txt, .csv, .json or .svg is known; --format says it otherwise");
  return "text";
}

int run_schedules(const SchedulesArguments& a) {
  const Terminal terminal = find_terminal(STDOUT_FILENO);
  if (!a.format.empty() && (a.peers || a.specs.empty() || !a.code.empty()))
    fail(Fault::argument, "--format is for the curves of schedules");
  if (!a.output.empty() && (a.peers || a.specs.empty()))
    fail(Fault::argument, "--output is for the curves or the code of schedules");
  if (!a.output.empty()) check_output(a);
  if (a.peers) {
    print_peers(std::cout);
    return 0;
  }
  if (a.specs.empty()) {
    print_catalogue(std::cout, terminal);
    return 0;
  }
  std::vector<Asked> asked;
  for (const std::string& spec : a.specs) {
    asked.push_back(read_spec(spec, a.lr));
    // Throws for what does not fit.
    if (const std::string note = note_on(asked.back().schedule.stages(a.steps, a.steps_per_epoch));
        !note.empty())
      std::cerr << "anneal: " << printable_lines(note) << "\n";
    if (asked.back().schedule.watches_losses() && a.metrics.empty() && a.code.empty())
      std::cerr << "anneal: '" << printable_lines(spec)
                << "' follows the losses; drawn as if none had been seen, for there is no "
                   "--metrics FILE\n";
  }
  if (!a.code.empty()) return print(code_text(asked, a), a);
  const std::vector<sched::Observation> log =
      a.metrics.empty() ? std::vector<sched::Observation>{} : read_metrics(a.metrics);
  const std::vector<Series> all = rates_of(asked, a, log);
  std::string text;
  const std::string format = format_of(a);
  if (format == "json") text = as_json(asked, all, a, log);
  if (format == "csv") text = as_csv(all, a.steps);
  if (format == "text") text = as_text(asked, all, a, terminal);
  if (format == "svg")
    text = svg_chart(all, {.title = all.size() == 1 ? all[0].name : "Learning-rate schedules",
                           .x_label = "update",
                           .y_label = a.lr == 1.0 ? "factor" : "learning rate",
                           .description = ""});
  return print(text, a);
}

}  // namespace

Command declare_schedules(CLI::App& app) {
  const auto a = std::make_shared<SchedulesArguments>();
  app.add_option("SCHEDULE", a->specs, "Schedules to draw; none: list what there is");
  whole(app, "--steps", a->steps, 1, 100'000'000, "Updates in the run");
  whole(app, "--steps-per-epoch", a->steps_per_epoch, 1, 100'000'000, "What 1ep is in updates");
  number(app, "--lr", a->lr, 0.0, 1e6, "Learning rate at factor 1");
  app.add_option("--metrics", a->metrics,
                 "JSON array for schedules that follow the losses; entry t is reported after "
                 "update t, null is no evaluation")
      ->type_name("FILE");
  word(app, "--format", a->format, {"text", "csv", "json", "svg"},
       "What to print [as the name of --output ends, else text]");
  word(app, "--export", a->code, {"torch", "keras", "optax", "python"},
       "Print code that gives the same curve there");
  app.add_flag("--peers", a->peers, "List the schedules of other systems that can be written");
  app.add_option("--output", a->output, "File to write instead of the terminal")->type_name("FILE");
  return [a] { return run_schedules(*a); };
}

}  // namespace anneal::apps
