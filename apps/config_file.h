#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace anneal::apps {

/// The arguments of a command, its name first, with `--config FILE` replaced by what the file
/// holds: a JSON object of option names and values (a list for what may have several), or the
/// run.jsonl of an earlier run. Those stand first among the options, so that whatever else is on
/// the command line overrides them.
///
/// A run.jsonl may be of another command of the program: options that this one does not have, but
/// another has, are left out, and so is where that run wrote and how it reported. Throws
/// std::runtime_error naming file and option for what is not an option of the command, or not what
/// the option takes.
struct Expanded {
  std::vector<std::string> arguments = {};
  /// Where an error about an option (CLI::ParseError's text begins with it) comes from: "FILE: ",
  /// if the file gave it and the command line did not.
  std::string file = {};
  std::vector<std::string> from_file = {};  ///< options: "--lr"
  std::string place_of(const std::string& error) const;
};
Expanded expand_config(std::vector<std::string> arguments, const CLI::App& program);

/// Throws CLI::ValidationError for an option that is given twice, unless it is one that adds up.
/// Before any of them is replaced by what it stands for: there the later override the earlier.
void refuse_repeated(const std::vector<std::string>& arguments, const CLI::App& program);

}  // namespace anneal::apps
