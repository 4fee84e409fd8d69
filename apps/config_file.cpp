#include "apps/config_file.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "apps/fail.h"
#include "apps/json_object.h"
#include "apps/options.h"
#include "apps/run_log_codec.h"
#include "apps/view/read_file.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

constexpr std::size_t most_bytes = 1 << 20;  // of a config
/// The first line of a log, in which a schedule may be a table of many values.
constexpr std::size_t longest_line = 1 << 24;

/// An option as it was typed: its arguments are [begin, end) of all.
struct Typed {
  const CLI::Option* option;
  std::size_t begin, end;
};

/// The command that the arguments are of, if there is one.
const CLI::App* command_of(const std::vector<std::string>& arguments, const CLI::App& program) {
  if (arguments.empty()) return nullptr;
  for (const CLI::App* command : program.get_subcommands(nullptr))
    if (command->get_name() == arguments[0]) return command;
  return nullptr;
}

/// The options among the arguments, told from their values as CLI11 tells them: an option that
/// takes one, and has none behind '=', takes the next argument, whatever that looks like.
std::vector<Typed> typed_options(const std::vector<std::string>& arguments,
                                 const CLI::App& command) {
  std::vector<Typed> all;
  for (std::size_t i = 1; i < arguments.size();) {
    const std::string& argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const CLI::Option* option = argument.starts_with("--")
                                    ? command.get_option_no_throw(argument.substr(0, equals))
                                    : nullptr;
    const bool takes_next = option != nullptr && !is_flag(*option) && equals + 1 >= argument.size();
    const std::size_t end = std::min(i + (takes_next ? 2 : 1), arguments.size());
    if (option != nullptr) all.push_back({option, i, end});
    i = end;
  }
  return all;
}

/// Names with one or more values, in order.
struct Config {
  Json options = {};
  bool of_run = false;  ///< the options in force in an earlier run, defaults among them
};

bool begins_a_log(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  return json.is_object() && json.contains("type") && json["type"] == "config";
}

Config read_config(const std::string& path) {
  const std::string start = read_start(path, longest_line);
  const std::string_view text = start;
  const std::string_view first_line = text.substr(0, text.find('\n'));
  if (begins_a_log(first_line)) {
    const std::filesystem::path file = path;
    const codec::Place place{file, 1};
    const Json line = codec::parse(first_line, place);
    if (codec::decode<RunConfig>(line, place).command.empty())
      fail(Fault::world, path +
                             ": is the log of a trial of anneal compare, which says what decided "
                             "its bits; options are in the run.jsonl of anneal train");
    return {.options = line.at("options"), .of_run = true};
  }
  if (text.size() > most_bytes)
    fail(Fault::world, path + ": is larger than 1 MiB, and no run.jsonl: no config");
  const auto refuse = [&](const std::string& what, std::size_t byte) {
    if (what == "not a JSON object")
      fail(Fault::world, path + ": is neither a JSON object of options nor the run.jsonl of a run");
    if (byte == 0) fail(Fault::world, path + ": " + what);
    const std::string_view before = text.substr(0, std::min(byte - 1, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    fail(Fault::world, path + ": is " + what + ", at line " + std::to_string(line) + ", column " +
                           std::to_string(column));
  };
  return {.options = parse_object(text, refuse)};
}

/// What a config gives an option, as arguments.
class Given {
 public:
  Given(const std::string& path, const std::string& name, const CLI::Option& option)
      : path_(path), name_(name), option_(option) {}

  std::vector<std::string> arguments(const Json& value) const {
    if (is_flag(option_)) {
      if (!value.is_boolean()) wrong("is true or false", value);
      return value.get<bool>() ? std::vector{"--" + name_} : std::vector<std::string>{};
    }
    if (!value.is_array()) return {argument(text_of(value))};
    if (is_list(option_)) {
      std::string joined;
      for (const Json& one : value) joined += (joined.empty() ? "" : ",") + text_of(one);
      return {argument(joined.empty() ? "none" : joined)};
    }
    if (!adds_up(option_)) wrong("takes one value", value);
    std::vector<std::string> all;
    for (const Json& one : value) all.push_back(argument(text_of(one)));
    return all;
  }

 private:
  std::string argument(const std::string& text) const { return "--" + name_ + "=" + text; }
  std::string text_of(const Json& value) const {
    if (value.is_number()) return number_text(value);
    if (!value.is_string())
      wrong(is_list(option_) || adds_up(option_) ? "takes a string, a number or a list of them"
                                                 : "takes a string or a number",
            value);
    if (value.get<std::string>().empty()) wrong("takes a value", value);
    return value.get<std::string>();
  }
  /// Some programs write 1000 as 1e3 or 1000.0.
  static std::string number_text(const Json& value) {
    constexpr double exact = 9007199254740992.0;  // 2^53
    if (value.is_number_float() && std::abs(value.get<double>()) < exact &&
        std::trunc(value.get<double>()) == value.get<double>())
      return std::to_string(value.get<std::int64_t>());
    return value.dump();
  }
  [[noreturn]] void wrong(const std::string& wanted, const Json& value) const {
    fail(Fault::world, path_ + ": option '" + name_ + "' " + wanted + ", got " +
                           value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  const std::string& path_;
  const std::string& name_;
  const CLI::Option& option_;
};

bool has_another(const CLI::App& program, const std::string& option) {
  return std::ranges::any_of(program.get_subcommands(nullptr), [&](const CLI::App* command) {
    return command->get_option_no_throw("--" + option) != nullptr;
  });
}

/// Whether a log's option is nothing to this command: not one of its own, without a value, or not
/// part of what was computed (the log holds all that its preset stood for).
bool is_left_out(const std::string& name, const Json& value, const CLI::App& command,
                 const CLI::App& program) {
  return value == "" || name == "preset" || name == "out" || name == "json" ||
         (command.get_option_no_throw("--" + name) == nullptr && has_another(program, name));
}

std::vector<std::string> config_arguments(const std::string& path, const CLI::App& command,
                                          const CLI::App& program) {
  std::vector<std::string> arguments;
  const Config config = read_config(path);
  for (const auto& [name, value] : config.options.items()) {
    if (config.of_run && is_left_out(name, value, command, program)) continue;
    const CLI::Option* option = command.get_option_no_throw("--" + name);
    if (option == nullptr || name == "help") {
      std::vector<std::string> known;
      for (const CLI::Option* o : command.get_options())
        if (o->get_single_name() != "help") known.push_back(o->get_single_name());
      fail(Fault::world, path + ": '" + name + "' is no option of anneal " + command.get_name() +
                             sched::did_you_mean(name, known));
    }
    if (name == "config") fail(Fault::world, path + ": a config cannot name another");
    std::ranges::copy(Given(path, name, *option).arguments(value), std::back_inserter(arguments));
  }
  return arguments;
}

}  // namespace

std::string Expanded::place_of(const std::string& error) const {
  const bool its_own = std::ranges::any_of(
      from_file, [&](const std::string& option) { return error.starts_with(option + ":"); });
  return its_own ? file + ": " : "";
}

Expanded expand_config(std::vector<std::string> arguments, const CLI::App& program) {
  Expanded expanded{.arguments = std::move(arguments)};
  std::vector<std::string>& all = expanded.arguments;
  const CLI::App* command = command_of(all, program);
  if (command == nullptr) return expanded;
  const std::vector<Typed> typed = typed_options(all, *command);
  const auto config = std::ranges::find(typed, "config",
                                        [](const Typed& t) { return t.option->get_single_name(); });
  if (config == typed.end()) return expanded;
  const std::string& last = all[config->end - 1];
  if (config->end == config->begin + 1 && !last.starts_with("--config="))
    return expanded;  // no value
  expanded.file = config->end == config->begin + 1 ? last.substr(last.find('=') + 1) : last;

  const auto name_of = [](const std::string& argument) {
    return argument.substr(0, argument.find('='));
  };
  std::vector<std::string> from_file = config_arguments(expanded.file, *command, program);
  // What is typed counts instead of what the file says, a list instead of the file's list.
  for (const Typed& t : typed)
    std::erase_if(from_file, [&](const std::string& argument) {
      return name_of(argument) == "--" + t.option->get_single_name();
    });
  for (const std::string& argument : from_file) expanded.from_file.push_back(name_of(argument));
  const auto first = all.begin();
  all.erase(first + static_cast<std::ptrdiff_t>(config->begin),
            first + static_cast<std::ptrdiff_t>(config->end));
  all.insert(all.begin() + 1, from_file.begin(), from_file.end());
  return expanded;
}

void refuse_repeated(const std::vector<std::string>& arguments, const CLI::App& program) {
  const CLI::App* command = command_of(arguments, program);
  if (command == nullptr) return;
  std::vector<const CLI::Option*> seen;
  for (const Typed& t : typed_options(arguments, *command)) {
    if (adds_up(*t.option)) continue;
    if (std::ranges::find(seen, t.option) != seen.end())
      throw CLI::ValidationError("--" + t.option->get_single_name(), "is given twice");
    seen.push_back(t.option);
  }
}

}  // namespace anneal::apps
