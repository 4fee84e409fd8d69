#include <cstdlib>
#include <iostream>
#include <new>

#include "apps/commands.h"
#include "apps/compare/presets.h"
#include "apps/config_file.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/process.h"
#include "apps/train_presets.h"
#include "apps/view/text.h"

namespace {

using namespace anneal::apps;

constexpr const char* examples = R"(Examples:
  anneal train --schedule "warmup@5% | cosine" --epochs 5
  anneal train --optimizer sgd --lr 0.1 --schedule "step:every=2ep" --json
  anneal compare --quick
  anneal find-lr --optimizer adam
  anneal view runs/*
  anneal report results.csv
  anneal schedules
  anneal schedules "warmup@5% | constant | cosine@20%" --steps 1000
)";

/// What to paste to run this again. ./dev, which calls the program by a path of its own, says what
/// it was called itself.
std::string name_of(const char* called) {
  const char* said = std::getenv("ANNEAL_COMMAND");  // NOLINT(concurrency-mt-unsafe): at the start
  return said != nullptr ? said : quoted(called);
}

/// A full disk at the other end is told, and not taken for success.
void flush_output() {
  if (!std::cout.flush()) fail(Fault::world, "standard output: could not be written to its end");
}

/// Whether what a command prints stands in its files as well.
bool leaves_files(const CLI::App& command) {
  const CLI::Option* json = command.get_option_no_throw("--json");
  return command.get_name() != "plan" && command.get_option_no_throw("--out") != nullptr &&
         (json == nullptr || json->count() == 0);
}

int run(const std::string& program, std::vector<std::string> arguments, bool output_closed) {
  CommandLine command_line{.program = program, .whole = program};
  for (const std::string& a : arguments) command_line.whole += " " + quoted(a);

  CLI::App app("Train small networks under learning-rate schedules, and see what each one does.",
               "anneal");
  app.footer(examples);
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", "anneal " ANNEAL_VERSION);
  app.allow_extras();
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const auto subcommand = [&](const char* name, const char* help) {
    CLI::App* command = app.add_subcommand(name, help);
    command->allow_extras();
    command->footer("");  // the examples are for all of them
    return command;
  };
  CLI::App* train = subcommand("train", "Train a network under a schedule");
  CLI::App* compare = subcommand("compare", "Compare schedules fairly, over seeds");
  CLI::App* plan = subcommand("plan", "List a comparison's missing trials, for other machines");
  CLI::App* status = subcommand("status", "Say how far a comparison or a run is");
  CLI::App* merge = subcommand("merge", "Join the trials that parts of a comparison computed");
  CLI::App* report = subcommand("report", "Say what a table of anybody's results can say");
  CLI::App* find_lr = subcommand("find-lr", "Raise the learning rate and see where it helps");
  CLI::App* schedules = subcommand("schedules", "List the schedules, or draw some of them");
  CLI::App* view = subcommand("view", "Make the page of a run, or of several, from their logs");
  CLI::App* bench = subcommand("bench", "Measure training speed on fixed workloads");
  const std::vector<std::pair<CLI::App*, Command>> commands{
      {train, declare_train(*train, command_line)},
      {compare, declare_compare(*compare, command_line)},
      {plan, declare_plan(*plan, command_line)},
      {status, declare_status(*status, command_line)},
      {merge, declare_merge(*merge)},
      {report, declare_report(*report, command_line)},
      {find_lr, declare_find_lr(*find_lr, command_line)},
      {schedules, declare_schedules(*schedules)},
      {view, declare_view(*view)},
      {bench, declare_bench(*bench)}};
  // An error names the command whose help says more.
  std::string helper = "anneal";
  for (const auto& [declared, command] : commands)
    if (!arguments.empty() && declared->get_name() == arguments[0]) helper += " " + arguments[0];
  Expanded expanded;
  try {
    refuse_repeated(arguments, app);
    if (!arguments.empty() && arguments[0] == "plan") arguments = expand_plan(std::move(arguments));
    expanded = expand_config(std::move(arguments), app);
    arguments = expanded.arguments;
    if (!arguments.empty() && (arguments[0] == "compare" || arguments[0] == "plan"))
      arguments = expand_presets(std::move(arguments));
    if (!arguments.empty() && arguments[0] == "train")
      arguments = expand_train_preset(std::move(arguments));
    std::ranges::reverse(arguments);  // as CLI11 wants them
    app.parse(std::move(arguments));
    for (const auto& [declared, command] : commands) {
      if (!declared->parsed()) continue;
      refuse_unknown(*declared);
      refuse_unknown(app);  // what stands behind "--" is left to the program itself
      const int code = command();
      if (!output_closed || !leaves_files(*declared)) flush_output();
      return code;
    }
    refuse_unknown(app);
  } catch (const CLI::Success& answer) {  // --help and --version
    const int code = app.exit(answer);
    flush_output();
    return code;
  } catch (const CLI::ParseError& error) {
    std::cerr << "anneal: " << printable_lines(expanded.place_of(error.what()) + error.what())
              << "\nTry " << helper << " --help.\n";
    return exit_mistake;
  }
  std::cout << app.help();
  flush_output();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool output_closed = prepare_process();
  try {
    return run(name_of(argv[0]), {argv + 1, argv + argc}, output_closed);
  } catch (const std::bad_alloc&) {
    std::cerr << "anneal: there is not enough memory for this\n";
    return exit_mistake;
  } catch (const std::exception& error) {
    std::cerr << "anneal: " << printable_lines(error.what()) << "\n";
    return exit_mistake;
  }
}
