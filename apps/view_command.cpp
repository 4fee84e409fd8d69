// anneal view: the page of a run, or of several, from their logs.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/commands.h"
#include "apps/fail.h"
#include "apps/view/html.h"
#include "apps/view/runs_page.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

struct ViewArguments {
  std::vector<std::string> runs;
  std::string out;
};

constexpr std::size_t most_runs = 64;  // that a page can tell apart

/// The logs that an argument means: a file, the one in a folder, or those in the folders of a
/// folder, such as runs/.
std::vector<fs::path> logs_at(const fs::path& place) {
  std::error_code unreadable;  // then reading says why
  if (!fs::is_directory(place, unreadable)) return {place};
  if (fs::exists(place / "run.jsonl", unreadable)) return {place / "run.jsonl"};
  std::vector<fs::path> logs;
  for (fs::directory_iterator i(place, unreadable), end; !unreadable && i != end;
       i.increment(unreadable)) {
    std::error_code none;
    if (fs::exists(i->path() / "run.jsonl", none)) logs.push_back(i->path() / "run.jsonl");
  }
  if (logs.empty())
    fail(Fault::world, place.string() + ": holds no run.jsonl, and no folder that holds one");
  std::ranges::sort(logs);
  return logs;
}

/// Each by the name of its folder; by its path, where two are called the same.
std::vector<std::string> names_of(const std::vector<fs::path>& logs) {
  std::vector<std::string> names;
  for (const fs::path& log : logs)
    names.push_back(fs::absolute(log).parent_path().lexically_normal().filename().string());
  std::vector<std::string> sorted = names;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end())
    for (std::size_t i = 0; i < logs.size(); ++i) names[i] = logs[i].string();
  return names;
}

int run_view(const ViewArguments& a) {
  std::vector<fs::path> logs;
  for (const std::string& place : a.runs)
    std::ranges::copy(logs_at(place), std::back_inserter(logs));
  if (logs.size() > most_runs)
    fail(Fault::argument,
         fmt::format("a page shows {} runs at most, and these are {}", most_runs, logs.size()));
  const std::vector<std::string> names = names_of(logs);
  std::vector<NamedRun> runs;
  for (std::size_t i = 0; i < logs.size(); ++i) runs.push_back({names[i], read_run(logs[i])});
  fs::path page = a.out;
  if (page.empty()) page = runs.size() == 1 ? logs[0].parent_path() / "run.html" : "runs.html";
  for (const fs::path& log : logs)
    if (std::error_code unknown; fs::equivalent(page, log, unknown))
      fail(Fault::argument, "--out " + page.string() + " is the log of a run; wanted a page");
  write_file(page, runs.size() == 1 ? run_page(runs[0].log) : runs_page(runs));
  std::cout << printable_lines("page  " + page.string()) << "\n";
  return 0;
}

}  // namespace

Command declare_view(CLI::App& app) {
  const auto a = std::make_shared<ViewArguments>();
  app.add_option("RUN", a->runs,
                 "Folder of a run, or its run.jsonl, be it that of a run that was killed or still "
                 "goes on; or a folder of such folders")
      ->required();
  app.add_option("--out", a->out, "The page [run.html beside the log; of several, runs.html]")
      ->type_name("FILE");
  app.footer("anneal view runs/* puts all of them on one page.");
  return [a] { return run_view(*a); };
}

}  // namespace anneal::apps
