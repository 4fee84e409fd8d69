#include "apps/options.h"

#include <charconv>
#include <cmath>
#include <sstream>

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

bool is_flag(const CLI::Option& option) {
  return option.get_expected_min() == 0;
}

bool is_list(const CLI::Option& option) {
  return option.get_type_name().ends_with(",...");
}

bool adds_up(const CLI::Option& option) {
  return option.get_items_expected_max() > 1;
}

std::vector<std::string> values_of(const CLI::Option& option) {
  if (option.count() == 0) return {};
  if (adds_up(option)) return option.results();
  return {option.results().back()};
}

Fields echo(const CLI::App& command) {
  Fields fields;
  for (const CLI::Option* option : command.get_options()) {
    const std::string name = option->get_single_name();
    if (name == "help" || name == "config" || option->get_positional()) continue;
    if (is_flag(*option)) {
      fields.emplace_back(name, option->count() > 0 && option->as<bool>());
      continue;
    }
    if (option->count() == 0) fields.emplace_back(name, option->get_default_str());
    for (const std::string& value : values_of(*option)) fields.emplace_back(name, value);
  }
  return fields;
}

}  // namespace anneal::apps
