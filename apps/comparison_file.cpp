#include "apps/comparison_file.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/config_file.h"
#include "apps/options.h"
#include "apps/view/read_file.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

std::filesystem::path path_in(const std::string& folder) {
  return std::filesystem::path(folder) / comparison_file;
}

}  // namespace

void write_comparison(const CLI::App& app, const std::string& out) {
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
  const std::filesystem::path file = path_in(out);
  const std::string text =
      options.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (std::filesystem::is_regular_file(file)) {
    if (read_file(file, 1 << 24) == text) return;  // and so it is no younger than the report
    std::cerr << printable_lines(file.string() +
                                 ": was of other options, and is replaced; what was planned by it "
                                 "counts where the trials are the same\n");
  }
  write_file(file, text);
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
