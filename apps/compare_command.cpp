// anneal compare: many schedules, each at its own best peak, over seeds; docs/protocol.md.
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>

#include "apps/commands.h"
#include "apps/compare/board.h"
#include "apps/compare/course.h"
#include "apps/compare/figures.h"
#include "apps/compare/findings.h"
#include "apps/compare/presets.h"
#include "apps/compare/same_runs.h"
#include "apps/compare/verdict_words.h"
#include "apps/comparison_file.h"
#include "apps/comparisons.h"
#include "apps/cores.h"
#include "apps/data.h"
#include "apps/fail.h"
#include "apps/interrupt.h"
#include "apps/machine.h"
#include "apps/memory_limit.h"
#include "apps/options.h"
#include "apps/schedule_values.h"
#include "apps/stages.h"
#include "apps/train_options.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

std::atomic<bool> told_to_end = false;  // by mpirun, when another process was lost

/// What the trials once cost is said, for those that were there cost nothing this time.
std::string machine_text(int processes, int workers, double trials, double seconds) {
  std::string text = fmt::format("{}, {}", processor_name(), counted(workers, "worker"));
  if (processes > 1) text += fmt::format(" in each of {} processes", processes);
  text += fmt::format("; anneal {}, {}", ANNEAL_VERSION, ANNEAL_COMPILER);
  if (processes == 1) text += fmt::format("; its trials are {} of one core", clock_text(trials));
  return text + fmt::format(", {} this time", clock_text(seconds));
}

std::string optimizer_text(const std::vector<Entrant>& entrants) {
  std::vector<std::string> words;
  for (const Entrant& e : entrants) {
    const std::optional<double> momentum = momentum_of(e.optimizer);
    std::string word = e.optimizer.name;
    if (momentum && *momentum > 0.0) word += fmt::format(" with momentum {}", *momentum);
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }
  return fmt::format("{}", fmt::join(words, " and "));
}

std::string conditions_text(const Comparison& c, const TrainingPlan& p) {
  return fmt::format("network {}, {}, batches of {}, {}, {}", p.model, optimizer_text(c.entrants),
                     c.training.batch_size, counted(c.training.epochs, "epoch"),
                     counted(p.total_steps, "update"));
}

void write_report(const Report& report, const fs::path& out) {
  const std::string text = report_text(report);
  write_then_print(
      [&] {
        write_file(out / "report.md", text);
        write_file(out / "report.html", report_page(report));
        write_file(out / "verdict.json", verdict_json(report));
        write_file(out / "results.csv", results_csv(report));
        write_file(out / "tuning.csv", tuning_csv(report));
        write_file(out / "curves.csv", curves_csv(report));
      },
      [&] { std::cout << printable_lines(text) << std::flush; });
  std::cerr << printable_lines(
      fmt::format("\npage    {}\nreport  {}\nnumbers {}, tuning.csv, curves.csv\n",
                  (out / "report.html").string(), (out / "report.md").string(),
                  (out / "results.csv").string()));
}

/// Mistakes show before anything is computed: a plan of each entrant, of each budget.
std::vector<std::string> conditions_of(const std::vector<Comparison>& comparisons,
                                       const datasets::TrainAndTest& data, int workers) {
  std::vector<std::string> conditions;
  for (const Comparison& c : comparisons) {
    check(c);
    for (const Entrant& any : c.entrants)
      for (std::size_t v = 0; v < std::max<std::size_t>(1, any.variants.size()); ++v) {
        Entrant e = any;
        if (!e.variants.empty()) e.schedule = e.variants[v];
        const TrainingOptions highest = trial_of(c, e, std::ranges::max(e.peaks), c.fresh_seeds[0]);
        const TrainingPlan p = plan(highest, data);
        check_schedule_values(p, highest.optimizer);
        refuse_beyond(memory_limit(), p.memory, workers);
        for (const std::string& note : notes_on(p, e.schedule))
          std::cerr << "anneal: " << printable_lines(note) << "\n";
      }
    const Entrant& first = c.entrants[0];
    conditions.push_back(
        conditions_text(c, plan(trial_of(c, first, first.peaks[0], c.fresh_seeds[0]), data)));
  }
  return conditions;
}

CompareResult run_trials(const std::vector<Comparison>& comparisons,
                         const datasets::TrainAndTest& data, const TrialStore& store,
                         const Crew& crew) {
  const CatchInterrupt catching;
  // mpirun ends those that are left with SIGTERM, and about a second later with SIGKILL: time
  // enough to keep a short trial.
  if (crew.ranks.size() > 1) std::signal(SIGTERM, [](int) { told_to_end = true; });
  const Terminal terminal = find_terminal(STDERR_FILENO);
  Board board(std::cerr, comparisons, crew.workers,
              {.live = terminal.live,
               .unicode = terminal.unicode,
               .processes = crew.ranks.size(),
               .columns = [] { return find_terminal(STDERR_FILENO).columns; }});
  CompareEvents events{.stop =
                           [&](int worker) {
                             if (crew.ranks.rank() == 0) board.updated(worker);
                             return CatchInterrupt::caught();
                           },
                       .leave = [] { return told_to_end.load(); }};
  events.noted = std::bind_front(&Board::noted, &board);
  if (crew.ranks.rank() == 0) {  // one process speaks for all
    events.begun = std::bind_front(&Board::begun, &board);
    events.started = std::bind_front(&Board::started, &board);
    events.finished = std::bind_front(&Board::finished, &board);
  }
  CompareResult result = compare(comparisons, data, store, crew, events);
  board.finish();
  if (told_to_end) {  // leaving MPI would wait for the process that was lost
    std::signal(SIGTERM, SIG_DFL);
    std::raise(SIGTERM);
  }
  return result;
}

/// One trial, without a word unless something is amiss.
int run_one(const CompareArguments& a, const std::vector<Comparison>& comparisons,
            const datasets::TrainAndTest& data, const TrialStore& store) {
  const CatchInterrupt catching;
  const CompareEvents events{
      .noted = [](const std::string& line) { std::cerr << printable_lines(line) << "\n"; },
      .stop = [](int) { return CatchInterrupt::caught(); }};
  return compute_one(comparisons, data, store, a.trial, events) ? 0 : CatchInterrupt::exit_code();
}

/// Becomes anneal-sklearn, which lies beside this program: it computes in double.
[[noreturn]] void run_sklearn(const CompareArguments& a, const CommandLine& command_line) {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "anneal-sklearn";
  std::vector<std::string> words{
      program,     "--out",           a.out, "--workers", std::to_string(a.workers),
      "--command", command_line.whole};
  if (a.quick) words.emplace_back("--quick");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  fail(Fault::world, program.string() + ": cannot be run: " + std::strerror(errno) +
                         "; `./dev run compare --preset sklearn` builds it");
}

int run_compare(const CompareArguments& a, const CLI::App& app, const CommandLine& command_line) {
  if (a.sklearn) run_sklearn(a, command_line);
  Ranks ranks;
  const datasets::TrainAndTest data = load_data(a.dataset, a.data_directory);
  const std::vector<Comparison> comparisons = comparisons_of(a, data.train.size());
  if (!a.trial.empty())
    return run_one(a, comparisons, data, TrialStore(fs::path(a.out) / "trials"));
  const Crew crew{.ranks = ranks,
                  .workers = a.workers > 0      ? a.workers
                             : ranks.size() > 1 ? 1
                                                : cores(),
                  .shard = a.shard.first,
                  .shards = a.shard.second};
  const std::vector<std::string> conditions = conditions_of(comparisons, data, crew.workers);
  const fs::path out = a.out;
  const TrialStore store(out / "trials");
  std::string comparison;
  if (ranks.rank() == 0) {
    comparison = write_comparison(app, a, data);
    std::cerr << printable_lines(data.train.origin) << "\n";
    for (const std::string& c : conditions) std::cerr << c << "\n";
  }

  const auto begun = std::chrono::steady_clock::now();
  CompareResult result = run_trials(comparisons, data, store, crew);
  if (ranks.rank() != 0)
    return result.end == CompareEnd::interrupted ? CatchInterrupt::exit_code() : 0;
  if (result.end == CompareEnd::interrupted) {
    std::cerr << "anneal: interrupted; the same command goes on from here\n";
    return CatchInterrupt::exit_code();
  }
  if (result.end == CompareEnd::waiting) {
    std::cerr << fmt::format(
        "part {} of {} is done; {} of the others {} not in {} yet. When they are there, or "
        "were merged (anneal merge), the same command goes on.\n",
        crew.shard, crew.shards, counted(result.missing, "trial"),
        result.missing == 1 ? "is" : "are", (out / "trials").string());
    return 0;
  }
  const TrainingOptions first = trial_of(comparisons[0], comparisons[0].entrants[0], 1.0, 1);
  const TrainingPlan p = plan(first, data);
  Report report{
      .title = !a.title.empty() ? a.title
                                : counted(std::ssize(comparisons[0].entrants), "schedule") +
                                      " on " + data.train.name,
      .about = a.about,
      .command = command_line.whole,
      .data = fmt::format(
          "{}; {} training, {} validation ({} watched, {} that judge) and {} test examples",
          data.train.name, p.training_examples, p.validation_examples, p.watched_examples,
          p.validation_examples - p.watched_examples, data.test.size()),
      .machine = machine_text(
          ranks.size(), crew.workers, result.seconds,
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()),
      .comparison = comparison,
      .target = a.target};
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    Study& study = report.studies.emplace_back(
        Study{comparisons[i], conditions[i], std::move(result.contestants[i])});
    merge_same(study);
    study.judgement = judge(metrics_of(study.contestants), study.comparison.baseline);
    const Contestant& leader = study.contestants[ranked(study.verdicts()).front()];
    study.train =
        train_command(command_line.program, found_dataset(a.dataset, data), a.data_directory,
                      trial_of(study.comparison, leader.entrant, leader.peak(),
                               study.comparison.fresh_seeds.front()));
  }
  write_report(report, out);
  return 0;
}

}  // namespace

Command declare_compare(CLI::App& app, const CommandLine& command_line) {
  const auto a = std::make_shared<CompareArguments>();
  declare_comparison(app, *a);
  return [a, &app, command_line] { return run_compare(*a, app, command_line); };
}

}  // namespace anneal::apps
