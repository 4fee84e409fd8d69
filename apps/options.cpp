#include "apps/options.h"

#include <charconv>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/fail.h"
#include "sched/length.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

/// All of `text` as a T, or nothing.
template <class T>
std::optional<T> read(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

double checked(const std::string& name, const std::string& text, double low, double high) {
  const auto value = read<double>(text);
  if (!value || !std::isfinite(*value) || *value < low || *value > high)
    throw CLI::ValidationError(name, "'" + text + "' is not a number in [" +
                                         sched::number_text(low) + ", " + sched::number_text(high) +
                                         "]");
  return *value;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : ", ") + w;
  return text;
}

std::string widths_text(const std::vector<std::int64_t>& widths) {
  std::string text;
  for (const std::int64_t w : widths) text += (text.empty() ? "" : ",") + std::to_string(w);
  return text.empty() ? "none" : text;
}

/// The object of options in a config file, whichever of the two kinds it is.
struct Config {
  nlohmann::json options;
  bool of_run = false;
};
Config read_config(const std::string& path) {
  std::ifstream file(path);
  if (!file) fail(Fault::world, path + ": cannot be read");
  std::stringstream text;
  text << file.rdbuf();
  const auto parse = [](const std::string& s) {
    return nlohmann::json::parse(
        s, [](int depth, auto, auto&) { return depth < 8; }, false, true);
  };
  nlohmann::json json = parse(text.str());
  if (json.is_discarded()) json = parse(text.str().substr(0, text.str().find('\n')));  // run.jsonl
  if (json.is_discarded()) {
    std::string where;
    try {
      json = nlohmann::json::parse(text.str(), nullptr, true, true);
    } catch (const nlohmann::json::parse_error& error) {
      where = error.what();
      where = where.substr(std::min(where.find("at line"), where.size()));
    }
    fail(Fault::world, path + ": is not JSON, " + where);
  }
  const bool of_run = json.is_object() && json.value("type", "") == "config";
  if (of_run) json = nlohmann::json(json["options"]);
  if (!json.is_object())
    fail(Fault::world, path + ": is neither a JSON object of options nor the run.jsonl of a run");
  return {std::move(json), of_run};
}

std::string option_text(const std::string& path, const std::string& name, const nlohmann::json& v) {
  if (v.is_string()) return v.get<std::string>();
  if (v.is_boolean() || v.is_number()) return v.dump();
  fail(Fault::world,
       path + ": option '" + name + "' must be a string, a number, a boolean or a list of them");
}

/// Whether the command lacks an option that another one has.
bool is_of_another(const std::string& option, const std::string& command, const CLI::App& program) {
  bool elsewhere = false;
  for (const CLI::App* c : program.get_subcommands(nullptr)) {
    if (c->get_option_no_throw("--" + option) == nullptr) continue;
    if (c->get_name() == command) return false;
    elsewhere = true;
  }
  return elsewhere;
}

std::vector<std::string> config_arguments(const std::string& path, const std::string& command,
                                          const CLI::App& program) {
  std::vector<std::string> arguments;
  const Config config = read_config(path);
  for (const auto& [name, value] : config.options.items()) {
    if (config.of_run && is_of_another(name, command, program)) continue;
    // The log of a run holds all that its preset stood for.
    if (config.of_run && name == "preset") continue;
    // Where an earlier run wrote, and how it reported, is not what it computed.
    if (name == "out" || name == "json") continue;
    // A list stands for an option that is given several times.
    for (const nlohmann::json& one : value.is_array() ? value : nlohmann::json::array({value})) {
      const std::string text = option_text(path, name, one);
      if (text.empty() || text == "false") continue;
      arguments.push_back("--" + name + (text == "true" ? "" : "=" + text));
    }
  }
  return arguments;
}

}  // namespace

std::int64_t read_whole(const std::string& name, const std::string& text, std::int64_t low,
                        std::int64_t high) {
  const auto value = read<std::int64_t>(text);
  if (!value || *value < low || *value > high)
    throw CLI::ValidationError(name, "'" + text + "' is not a whole number in [" +
                                         std::to_string(low) + ", " + std::to_string(high) + "]");
  return *value;
}

CLI::Option* number(CLI::App& app, const std::string& name, double& value, double low, double high,
                    const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [=, &value](const std::string& text) { value = checked(name, text, low, high); },
          help)
      ->default_str(sched::number_text(value))
      ->type_name("NUMBER");
}

CLI::Option* number(CLI::App& app, const std::string& name, std::optional<double>& value,
                    double low, double high, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name, [=, &value](const std::string& text) { value = checked(name, text, low, high); },
          help)
      ->type_name("NUMBER");
}

CLI::Option* word(CLI::App& app, const std::string& name, std::string& value,
                  const std::vector<std::string>& words, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            if (std::ranges::find(words, text) == words.end()) {
              const std::string guess = sched::did_you_mean(text, words);
              throw CLI::ValidationError(
                  name, "'" + text + "' is not known" +
                            (guess.empty() ? "; wanted one of " + joined(words) : guess));
            }
            value = text;
          },
          help + ": " + joined(words))
      ->default_str(value)
      ->type_name("NAME");
}

CLI::Option* widths(CLI::App& app, const std::string& name, std::vector<std::int64_t>& value,
                    const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            value.clear();
            if (text == "none") return;
            std::stringstream parts(text + ",");
            for (std::string part; std::getline(parts, part, ',');) {
              const auto width = read<std::int64_t>(part);
              if (!width || *width < 1 || *width > 1'000'000)
                throw CLI::ValidationError(
                    name, "'" + text + "' is not a list of whole numbers such as 512,256, or none");
              value.push_back(*width);
            }
          },
          help)
      ->default_str(widths_text(value))
      ->type_name("N,N,...");
}

void refuse_unknown(const CLI::App& app) {
  const std::vector<std::string> unknown = app.remaining();
  if (unknown.empty()) return;
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) known.push_back(option->get_name());
  for (const CLI::App* command : app.get_subcommands(nullptr)) known.push_back(command->get_name());
  const std::string given = unknown[0].substr(0, unknown[0].find('='));
  const std::string wrong = "'" + given + "' was not expected" + sched::did_you_mean(given, known);
  if (app.get_parent() == nullptr) throw CLI::ValidationError(wrong);  // "anneal" stands before it
  throw CLI::ValidationError(app.get_name(), wrong);
}

std::string quoted(const std::string& argument) {
  const bool plain = argument.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyz"
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,/:@%+") == std::string::npos &&
                     !argument.empty();
  if (plain) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

Fields echo(const CLI::App& command) {
  Fields fields;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_single_name();
    if (name == "help" || name == "config" || option->get_positional()) continue;
    const bool is_flag = option->get_expected_min() == 0;
    if (is_flag)
      fields.emplace_back(name, option->count() > 0);
    else
      fields.emplace_back(
          name, option->count() > 0 ? option->results().back() : option->get_default_str());
  }
  return fields;
}

std::vector<std::string> expand_config(std::vector<std::string> arguments,
                                       const CLI::App& program) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string path;
    std::size_t used = 1;
    if (arguments[i].starts_with("--config=")) {
      path = arguments[i].substr(9);
    } else if (arguments[i] == "--config" && i + 1 < arguments.size()) {
      path = arguments[i + 1];
      used = 2;
    } else {
      continue;
    }
    const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
    arguments.erase(at, at + static_cast<std::ptrdiff_t>(used));
    const std::vector<std::string> from_file = config_arguments(path, arguments[0], program);
    arguments.insert(arguments.begin() + 1, from_file.begin(), from_file.end());
    break;
  }
  return arguments;
}

}  // namespace anneal::apps
