#include "apps/comparison_file.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/compare/trials.h"
#include "apps/config_file.h"
#include "apps/data.h"
#include "apps/options.h"
#include "apps/view/read_file.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

constexpr std::uint64_t most_bytes = 1 << 28;

std::filesystem::path path_in(const std::string& folder) {
  return std::filesystem::path(folder) / comparison_file;
}

}  // namespace

std::string write_comparison(const CLI::App& app, const CompareArguments& arguments,
                             const datasets::TrainAndTest& data) {
  const std::vector<std::string> not_its_own{"help",  "config", "out",   "workers",
                                             "shard", "trial",  "format"};
  nlohmann::ordered_json options = nlohmann::ordered_json::object();
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (option->count() == 0 || std::ranges::find(not_its_own, name) != not_its_own.end()) continue;
    if (is_flag(*option)) {
      options[name] = option->as<bool>();
    } else if (adds_up(*option)) {
      options[name] = values_of(*option);
    } else {
      options[name] = values_of(*option).at(0);
    }
  }
  options["dataset"] = dataset_from_anywhere(found_dataset(arguments.dataset, data));
  if (!arguments.data_directory.empty())
    options["data"] = directory_from_anywhere(arguments.data_directory);
  const std::filesystem::path file = path_in(arguments.out);
  const std::string text =
      options.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  const std::string digest = sha256_of(text);
  if (std::filesystem::is_regular_file(file)) {
    if (read_file(file, most_bytes) == text) return digest;
    std::cerr << printable_lines(file.string() +
                                 ": was of other options, and is replaced; what was planned by it "
                                 "counts where the trials are the same\n");
  }
  write_file(file, text);
  return digest;
}

bool has_its_report(const std::string& folder) {
  const std::filesystem::path verdict = std::filesystem::path(folder) / "verdict.json";
  if (!std::filesystem::is_regular_file(verdict)) return false;
  const auto json = nlohmann::json::parse(read_file(verdict, most_bytes), nullptr, false);
  return json.is_object() && json.contains("comparison") &&
         json["comparison"] == sha256_of(read_file(path_in(folder), most_bytes));
}

CompareArguments read_comparison(const std::string& folder) {
  CLI::App program;
  CLI::App* compare = program.add_subcommand("compare");
  compare->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  CompareArguments a;
  declare_comparison(*compare, a);
  std::vector<std::string> words =
      expand_config({"compare", "--config", path_in(folder).string()}, program).arguments;
  std::ranges::reverse(words);
  program.parse(std::move(words));
  a.out = folder;
  return a;
}

}  // namespace anneal::apps
