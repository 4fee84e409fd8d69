// anneal plan: the trials of a comparison that are missing, as commands for other machines. anneal
// status: how far a folder is.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>

#include "apps/commands.h"
#include "apps/compare/course.h"
#include "apps/comparison_file.h"
#include "apps/comparisons.h"
#include "apps/cores.h"
#include "apps/data.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/run_log.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_digits = 16;  // of 64: enough to tell any trials apart

/// "anneal compare --config DIR/comparison.json --out DIR"
std::string compare_text(const std::string& program, const std::string& out) {
  return fmt::format("{} compare --config {} --out {}", program,
                     quoted((fs::path(out) / comparison_file).string()), quoted(out));
}

/// The trials that are missing, for a machine that computes them.
struct Plan {
  std::string title;              ///< "tuning: 108 trials"
  std::string compare;            ///< the command that they all are, but for the trial
  std::vector<std::string> keys;  ///< of the trials, short
  std::string command(const std::string& key) const { return compare + " --trial " + key; }
};

std::string lines_text(const Plan& plan) {
  std::string text;
  for (const std::string& key : plan.keys) text += plan.command(key) + "\n";
  return text;
}

/// A script; what it is given is for GNU parallel, as in `sh plan --jobs 8`.
std::string parallel_text(const Plan& plan) {
  return "#!/bin/sh\n# " + plan.title + "\nparallel --halt now,fail=1 \"$@\" <<'TRIALS'\n" +
         lines_text(plan) + "TRIALS\n";
}

std::string make_text(const Plan& plan) {
  std::string targets;
  std::string recipes;
  for (const std::string& key : plan.keys) {
    std::string recipe = plan.command(key);
    for (std::size_t at = 0; (at = recipe.find('$', at)) != std::string::npos; at += 2)
      recipe.insert(at, "$");
    targets += " trial-" + key;
    recipes += "trial-" + key + ":\n\t" + recipe + "\n";
  }
  return "# " + plan.title + "; make -j\nall:" + targets + "\n.PHONY: all" + targets + "\n" +
         recipes;
}

/// A job array, of which each task computes one trial.
std::string slurm_text(const Plan& plan) {
  return fmt::format(
      R"(#!/bin/sh
#SBATCH --job-name=anneal
#SBATCH --array=1-{0}
#SBATCH --cpus-per-task=1
# {1}
trial=$(sed -n "${{SLURM_ARRAY_TASK_ID}}p" <<'TRIALS'
{2}
TRIALS
)
exec {3} --trial "${{trial:?SLURM_ARRAY_TASK_ID is none of 1 to {0}}}"
)",
      plan.keys.size(), plan.title, fmt::join(plan.keys, "\n"), plan.compare);
}

struct Format {
  const char* name;
  std::string (*text)(const Plan&);
};
constexpr std::array formats{Format{"lines", lines_text}, Format{"slurm", slurm_text},
                             Format{"parallel", parallel_text}, Format{"make", make_text}};

struct PlanArguments {
  CompareArguments compare;
  std::string format = "lines";
};

/// What `anneal plan` and `anneal status` look at.
struct Looked {
  std::vector<Comparison> comparisons;
  std::string data;
  std::optional<Phase> phase;
};

Looked look(const CompareArguments& a, const datasets::TrainAndTest& data) {
  Looked looked{comparisons_of(a, data.train.size()), data.train.name, {}};
  looked.phase = next_phase(looked.comparisons, data, TrialStore(fs::path(a.out) / "trials"));
  return looked;
}

int run_plan(const PlanArguments& asked, const CLI::App& app, const std::string& program) {
  const CompareArguments& a = asked.compare;
  if (a.sklearn) fail(Fault::argument, "--preset sklearn is another program's, and has no plan");
  if (a.shard != std::pair{1, 1} || !a.trial.empty())
    fail(Fault::argument, "--shard and --trial are for anneal compare: a plan has every trial");
  const datasets::TrainAndTest data = load_data(a.dataset, a.data_directory);
  const Looked looked = look(a, data);
  write_comparison(app, a, data);
  const std::string compare = compare_text(program, a.out);
  if (!looked.phase) {
    std::cerr << printable_lines("every trial is there; this writes the report:\n  " + compare)
              << "\n";
    return 0;
  }
  const Phase& phase = *looked.phase;
  Plan plan{.title = fmt::format("{}: {}", phase.name, counted(std::ssize(phase.missing), "trial")),
            .compare = compare,
            .keys = phase.missing};
  for (std::string& key : plan.keys) key.resize(key_digits);
  std::cout << std::ranges::find(formats, asked.format, &Format::name)->text(plan);
  std::cerr << printable_lines(
      fmt::format("{}: {} of {} to be computed. When they are there, plan again: {}\n", phase.name,
                  phase.missing.size(), counted(phase.trials, "trial"),
                  phase.name == "deciding" ? "then nothing is left"
                                           : "what comes next follows from their results"));
  return 0;
}

std::string training_status(const fs::path& folder) {
  const RunLog log = read_run(folder);
  const std::int64_t done = log.result ? log.result->steps : std::ssize(log.steps);
  std::string text = fmt::format("{}: {}, update {} of {}", folder.string(), log.config.schedule,
                                 done, log.config.total_steps);
  if (!log.result) return text + ", not finished: it goes on, or was killed\n";
  const auto how = static_cast<std::size_t>(log.result->stopped);
  return text + fmt::format(", {}: test accuracy {:.2f} %\n", stopped_words.at(how),
                            100 * log.result->test_accuracy);
}

int run_status(const std::string& directory, const std::string& program) {
  const fs::path folder = directory;
  if (fs::exists(folder / "run.jsonl") || fs::is_regular_file(folder)) {
    std::cout << printable_lines(training_status(folder));
    return 0;
  }
  if (!fs::exists(folder / comparison_file))
    fail(Fault::world, directory + ": there is neither a " + comparison_file +
                           " of anneal compare or plan in it, nor the run.jsonl of anneal train");
  const CompareArguments a = read_comparison(directory);
  const Looked looked = look(a, load_data(a.dataset, a.data_directory));
  const auto entrants = std::ssize(looked.comparisons.at(0).entrants);
  std::string text =
      fmt::format("{}: {} on {}\n", directory, counted(entrants, "schedule"), looked.data);
  if (looked.phase) {
    const Phase& phase = *looked.phase;
    text += fmt::format("{}: {} of {} there", phase.name, phase.trials - std::ssize(phase.missing),
                        counted(phase.trials, "trial"));
    if (phase.seconds_per_cost > 0.0)
      text += fmt::format("; about {} left on this machine",
                          clock_text(phase.missing_cost * phase.seconds_per_cost / cores()));
    text += fmt::format("\ngo on with\n  {}\n", compare_text(program, directory));
  } else if (has_its_report(directory)) {
    text +=
        fmt::format("every trial is there, and the report: {}\n", (folder / "report.md").string());
  } else {
    text += fmt::format("every trial is there; this writes the report:\n  {}\n",
                        compare_text(program, directory));
  }
  std::cout << printable_lines(text);
  return 0;
}

}  // namespace

std::vector<std::string> expand_plan(std::vector<std::string> arguments) {
  std::string out = CompareArguments().out;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& a = arguments[i];
    const bool names_out = a == "--out" || a.starts_with("--out=");
    if (!names_out && a != "--format" && !a.starts_with("--format=")) return arguments;
    if (a == "--out" && i + 1 < arguments.size()) out = arguments[i + 1];
    if (a.starts_with("--out=")) out = a.substr(6);
    if (a.find('=') == std::string::npos) ++i;
  }
  const fs::path file = fs::path(out) / comparison_file;
  if (fs::is_regular_file(file)) arguments.insert(arguments.end(), {"--config", file.string()});
  return arguments;
}

Command declare_plan(CLI::App& app, const CommandLine& command_line) {
  const auto a = std::make_shared<PlanArguments>();
  declare_comparison(app, a->compare);
  std::vector<std::string> names;
  for (const Format& format : formats) names.emplace_back(format.name);
  word(app, "--format", a->format, names, "How the trials are listed")->group("Run");
  app.footer(
      R"(A comparison has phases: tuning, on a grid and then around each best peak, and deciding. A plan
lists the trials of the next phase that --out lacks, each a command that may be given twice:
  anneal plan --out DIR > trials && parallel < trials      (or sh trials)
  anneal plan --out DIR --format slurm > job && sbatch job
  anneal plan --out DIR --format make | make -f - -j 8
Then plan again, until nothing is left (plan --out DIR alone plans what DIR holds); anneal status DIR says how far it is. All machines see DIR,
or what each computed is joined by anneal merge. Several kinds of processor: see ANNEAL_MARCH.
)");
  return [a, &app, command_line] { return run_plan(*a, app, command_line.program); };
}

Command declare_status(CLI::App& app, const CommandLine& command_line) {
  const auto directory = std::make_shared<std::string>();
  app.add_option("DIR", *directory, "The --out of anneal compare, plan or train")->required();
  return [directory, command_line] { return run_status(*directory, command_line.program); };
}

}  // namespace anneal::apps
