// anneal report: what a table of anybody's results can say; docs/protocol.md.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "apps/commands.h"
#include "apps/compare/judgement_json.h"
#include "apps/compare/verdict_words.h"
#include "apps/fail.h"
#include "apps/report/results_table.h"
#include "apps/report/table_report.h"
#include "apps/view/read_file.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
  std::string file;
  ResultsColumns columns;
  std::string baseline;
  std::string page;
  bool json = false;
};

std::size_t baseline_of(const ResultsTable& table, const std::string& name) {
  if (name.empty()) return 0;
  const auto found = std::ranges::find(table.schedules, name);
  if (found != table.schedules.end())
    return static_cast<std::size_t>(found - table.schedules.begin());
  fail(Fault::argument, fmt::format("--baseline '{}' is none of the schedules{}", name,
                                    sched::did_you_mean(name, table.schedules)));
}

std::vector<std::string> notes_on(const ResultsTable& table) {
  std::vector<std::string> notes;
  for (const std::string& name : table.guessed)
    notes.push_back(
        fmt::format("Whether more of {0} is better its name does not say: less is taken "
                    "to be. --higher {0} or --lower {0} says it.",
                    printable(name, true)));
  if (table.left_out.empty()) return notes;
  std::vector<std::string> seeds;
  for (const std::int64_t seed : table.left_out) seeds.push_back(std::to_string(seed));
  notes.push_back(
      fmt::format("Left out: {} ({}), which some schedule does not have. Had their runs failed, "
                  "they ought to be there, as nan.",
                  counted(std::ssize(seeds), "seed"), joined(seeds, 10)));
  return notes;
}

int run_report(const ReportArguments& a, const CommandLine& command_line) {
  constexpr std::uint64_t longest = 256 << 20;
  const std::string text = read_file(a.file, longest);
  ResultsTable table = results_table(text, a.file, a.columns);
  const std::size_t baseline = baseline_of(table, a.baseline);
  if (std::error_code unknown; !a.page.empty() && fs::equivalent(a.page, a.file, unknown))
    fail(Fault::argument, "--page " + a.page + " is the table itself; wanted a page");
  const std::vector<std::string> notes = notes_on(table);
  const TableReport report{.title = counted(std::ssize(table.schedules), "schedule") + " in " +
                                    fs::path(a.file).filename().string(),
                           .command = command_line.whole,
                           .schedules = std::move(table.schedules),
                           .judgement = judge(std::move(table.metrics), baseline),
                           .notes = notes};
  const auto print = [&] {
    if (!a.json) {
      std::cout << printable_lines(table_report_text(report));
      return;
    }
    Json object{{"file", printable(a.file, true)}};
    object.update(judgement_json(report.judgement, report.schedules));
    std::vector<std::string> names;
    for (const std::string& name : report.schedules) names.push_back(printable(name, true));
    object["reservations"] = cautions_of(report, names);
    std::cout << object.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  };
  if (a.page.empty()) {
    print();
    return 0;
  }
  write_then_print([&] { write_file(a.page, table_report_page(report)); }, print);
  std::cerr << printable_lines("page  " + a.page) << "\n";
  return 0;
}

}  // namespace

Command declare_report(CLI::App& app, const CommandLine& command_line) {
  const auto a = std::make_shared<ReportArguments>();
  app.add_option(
         "FILE", a->file,
         "CSV with a header: a row for each schedule and seed, and a column for each metric")
      ->required();
  app.add_option("--schedule", a->columns.schedule, "The column of the schedules' names")
      ->capture_default_str()
      ->type_name("COLUMN");
  app.add_option("--seed", a->columns.seed, "The column of the seeds, by which rows are paired")
      ->capture_default_str()
      ->type_name("COLUMN");
  app.add_option("--metric", a->columns.metrics,
                 "The columns of the metrics; the first decides the order [all others]")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  app.add_option("--higher", a->columns.higher,
                 "Metrics of which more is better [accuracy, f1, auc and the like, by their names]")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  app.add_option("--lower", a->columns.lower, "Metrics of which less is better [all others]")
      ->delimiter(',')
      ->type_name("COLUMN,...");
  app.add_option_function<std::vector<std::string>>(
         "--where",
         [a](const std::vector<std::string>& all) {
           for (const std::string& text : all) {
             const std::size_t equals = text.find('=');
             if (equals == std::string::npos || equals == 0)
               throw CLI::ValidationError("--where", "'" + text + "' is not COLUMN=VALUE");
             a->columns.where.push_back({text.substr(0, equals), text.substr(equals + 1)});
           }
         },
         "Only rows with this value in this column; may be given several times")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("COLUMN=VALUE");
  app.add_option("--baseline", a->baseline, "With which the others are compared [the first]")
      ->type_name("NAME");
  app.add_option("--page", a->page, "Write a page too")->type_name("FILE");
  app.add_flag("--json", a->json,
               "Print one JSON object, whose \"claims\" are all that is claimed");
  app.footer(R"(A table such as
  schedule,seed,validation_loss,test_accuracy
  cosine,1,0.1213,0.9655
  linear,1,0.1187,0.9671
A run that failed is written as nan. The metrics are tested together: what is claimed of all of them
is wrong at most once in twenty tables. docs/protocol.md says how.
  anneal report runs/compare/results.csv --schedule name --metric validation_loss,test_accuracy
  anneal report results.csv --where epochs=3 --where optimizer=sgd
)");
  return [a, command_line] { return run_report(*a, command_line); };
}

}  // namespace anneal::apps
