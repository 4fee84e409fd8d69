#pragma once
#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

/// The commands of the program. Each declares its options on its own CLI::App and returns what is
/// to be done once they are parsed: a function that returns the exit code.
namespace anneal::apps {

using Command = std::function<int()>;

/// How the program was called, as a shell would have it written.
struct CommandLine {
  std::string program = {};  ///< "./dev run"
  std::string whole = {};    ///< with its arguments
};

/// The exit code of any mistake, and of a run that diverged; of one that a signal ended, see
/// CatchInterrupt.
inline constexpr int exit_mistake = 2;
inline constexpr int exit_diverged = 3;

Command declare_train(CLI::App& app, const CommandLine& command_line);
Command declare_compare(CLI::App& app, const CommandLine& command_line);
Command declare_plan(CLI::App& app, const CommandLine& command_line);
/// The arguments of `anneal plan`; where no comparison is named, those of the one that is in --out.
std::vector<std::string> expand_plan(std::vector<std::string> arguments);
Command declare_status(CLI::App& app, const CommandLine& command_line);
Command declare_merge(CLI::App& app);
Command declare_report(CLI::App& app, const CommandLine& command_line);
Command declare_find_lr(CLI::App& app, const CommandLine& command_line);
Command declare_schedules(CLI::App& app);
Command declare_bench(CLI::App& app);
Command declare_view(CLI::App& app);

}  // namespace anneal::apps
