#pragma once
#include <CLI/CLI.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/run_log.h"

/// Options of the command line, on top of CLI11: numbers that are really numbers, errors that say
/// what was wanted, suggestions, and a file that holds options.
namespace anneal::apps {

/// A finite number in [low, high].
CLI::Option* number(CLI::App& app, const std::string& name, double& value, double low, double high,
                    const std::string& help);
/// The same, when having none means something.
CLI::Option* number(CLI::App& app, const std::string& name, std::optional<double>& value,
                    double low, double high, const std::string& help);
/// Throws CLI::ValidationError unless the text is a whole number in [low, high].
std::int64_t read_whole(const std::string& name, const std::string& text, std::int64_t low,
                        std::int64_t high);
/// A whole number in [low, high].
template <std::integral T>
CLI::Option* whole(CLI::App& app, const std::string& name, T& value, std::int64_t low,
                   std::int64_t high, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            value = static_cast<T>(read_whole(name, text, low, high));
          },
          help)
      ->default_str(std::to_string(value))
      ->type_name("N");
}
/// The same, when having none means something.
template <std::integral T>
CLI::Option* whole(CLI::App& app, const std::string& name, std::optional<T>& value,
                   std::int64_t low, std::int64_t high, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            value = static_cast<T>(read_whole(name, text, low, high));
          },
          help)
      ->type_name("N");
}
/// One of several words.
CLI::Option* word(CLI::App& app, const std::string& name, std::string& value,
                  const std::vector<std::string>& words, const std::string& help);
/// Whole numbers in [1, 1e9] separated by commas, or "none" for an empty list.
CLI::Option* widths(CLI::App& app, const std::string& name, std::vector<std::int64_t>& value,
                    const std::string& help);

/// Throws CLI::ValidationError for the first argument that no option took, with a suggestion.
void refuse_unknown(const CLI::App& app);

/// Every option of a command with the value in force, given or default, in order of declaration.
Fields echo(const CLI::App& command);

/// An argument as a shell would have it written.
std::string quoted(const std::string& argument);

/// The arguments with `--config FILE` replaced by what the file holds: a JSON object of option
/// names and values (a list for one that is given several times), or the run.jsonl of an earlier
/// run. Those stand first among the options, so that whatever else is on the command line overrides
/// them. A run.jsonl may be of another command of the program: options that this one does not have,
/// but another has, are left out. Throws std::runtime_error naming the file.
std::vector<std::string> expand_config(std::vector<std::string> arguments, const CLI::App& program);

}  // namespace anneal::apps
