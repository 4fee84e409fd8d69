#pragma once
#include <CLI/CLI.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/run_log.h"

/// Options of the command line, on top of CLI11: numbers that are really numbers, errors that say
/// what was wanted, suggestions, and which values are in force.
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

/// Whether an option takes no value.
bool is_flag(const CLI::Option& option);
/// Whether its value is a list with commas, as its type in the help says: "N,N,...".
bool is_list(const CLI::Option& option);
/// Whether it may be given several times, and all of them count. Of any other the command line may
/// have one, which overrides a config's, which overrides a preset's.
bool adds_up(const CLI::Option& option);

/// What an option was given; one value unless it adds up.
std::vector<std::string> values_of(const CLI::Option& option);

/// Every option of a command with the value in force, given or default, in order of declaration;
/// one that adds up, as often as it was given.
Fields echo(const CLI::App& command);

/// An argument as a shell would have it written.
std::string quoted(const std::string& argument);

}  // namespace anneal::apps
