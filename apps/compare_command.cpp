// anneal compare: many schedules, each at its own best peak, over seeds; docs/protocol.md.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "apps/commands.h"
#include "apps/compare/report.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t first_tuning_seed = 1001;  // far from the fresh ones, 1, 2, 3, ...

std::atomic<bool> interrupted = false;

struct CompareArguments {
  std::vector<std::string> schedules{"linear",         "cosine",       "wsd",
                                     "one_cycle",      "rex",          "exponential",
                                     "step:every=34%", "inverse_sqrt", "constant"};
  std::string baseline;
  std::string optimizer = "sgd";
  std::vector<std::int64_t> hidden{128};
  std::string peaks;
  std::string dataset = "auto";
  std::string data_directory;
  std::int64_t validation = 10'000;
  int epochs = 1;
  int batch_size = 128;
  int tuning_seeds = 3;
  int seeds = 10;
  int workers = 0;
  bool quick = false;
  std::string out = "runs/compare";
};

/// The option's list, or six a factor of two apart around what the optimizer is known to take.
std::vector<double> peaks_of(const CompareArguments& a) {
  std::vector<double> peaks;
  if (a.peaks.empty()) {
    const double lowest = 0.1 * base_lr_of({.name = a.optimizer});
    const int count = a.quick ? 4 : 6;
    for (int k = a.quick ? 1 : 0; std::ssize(peaks) < count; ++k)
      peaks.push_back(std::ldexp(lowest, k));
    return peaks;
  }
  std::stringstream parts(a.peaks);
  for (std::string part; std::getline(parts, part, ',');) {
    std::size_t used = 0;
    double peak = 0.0;
    try {
      peak = std::stod(part, &used);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used == 0 || used != part.size() || !(peak > 0.0) || !std::isfinite(peak) ||
        (!peaks.empty() && peak <= peaks.back()))
      throw CLI::ValidationError(
          "--peaks", "'" + a.peaks + "' is not a rising list of rates such as 0.01,0.02,0.04");
    peaks.push_back(peak);
  }
  return peaks;
}

Comparison comparison_of(const CompareArguments& a) {
  Comparison c;
  c.schedules = a.schedules;
  c.peaks = peaks_of(a);
  c.training.network.hidden = {a.hidden.begin(), a.hidden.end()};
  c.training.optimizer.name = a.optimizer;
  c.training.epochs = a.epochs;
  c.training.batch_size = a.batch_size;
  c.training.validation = a.validation;
  const int tuning = a.quick ? std::min(a.tuning_seeds, 1) : a.tuning_seeds;
  const int fresh = a.quick ? std::min(a.seeds, 3) : a.seeds;
  for (int i = 0; i < tuning; ++i)
    c.tuning_seeds.push_back(first_tuning_seed + static_cast<std::uint64_t>(i));
  for (int i = 0; i < fresh; ++i) c.fresh_seeds.push_back(1 + static_cast<std::uint64_t>(i));
  if (a.baseline.empty()) return c;
  const auto found = std::ranges::find(c.schedules, a.baseline);
  c.baseline = static_cast<std::size_t>(found - c.schedules.begin());
  if (found == c.schedules.end()) c.schedules.push_back(a.baseline);
  return c;
}

/// Says how far a phase is: one line that is drawn again in a terminal, else ten lines.
class Announcer {
 public:
  explicit Announcer(bool live) : live_(live) {}
  void operator()(const char* phase, std::int64_t done, std::int64_t total) {
    using Clock = std::chrono::steady_clock;
    if (done == 1) begun_ = Clock::now();
    const double elapsed = std::chrono::duration<double>(Clock::now() - begun_).count();
    const std::string left =
        done < 3 ? ""
                 : fmt::format(", {} left", clock_text(elapsed / static_cast<double>(done - 1) *
                                                       static_cast<double>(total - done)));
    if (live_)
      std::cerr << fmt::format("\r\x1b[K{}: trial {} of {}{}", phase, done, total, left)
                << (done == total ? "\n" : "") << std::flush;
    else if (done * 10 / total != (done - 1) * 10 / total)
      std::cerr << fmt::format("{}: trial {} of {}{}\n", phase, done, total, left);
  }

 private:
  bool live_;
  std::chrono::steady_clock::time_point begun_;
};

std::string machine_text(int workers) {
  std::ifstream info("/proc/cpuinfo");
  std::string model = "unknown processor";
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  return fmt::format("{}, {} worker{}, anneal {}", model, workers, workers == 1 ? "" : "s",
                     ANNEAL_VERSION);
}

void write_file(const fs::path& path, const std::string& text) {
  const fs::path unfinished = path.string() + ".unfinished";
  std::ofstream out(unfinished);
  out << text;
  out.close();
  if (!out) fail(Fault::world, path.string() + ": cannot be written");
  fs::rename(unfinished, path);
}

int run_compare(const CompareArguments& a, const std::string& command_line) {
  const Comparison c = comparison_of(a);
  const datasets::TrainAndTest data = datasets::load(a.dataset, {.directory = a.data_directory});
  const int workers =
      a.workers > 0 ? a.workers : static_cast<int>(std::thread::hardware_concurrency());
  for (std::size_t s = 0; s < c.schedules.size(); ++s)  // mistakes show before anything is computed
    plan(trial_of(c, s, c.peaks[0], c.fresh_seeds[0]), data);
  const TrainingPlan p = plan(trial_of(c, 0, c.peaks[0], c.fresh_seeds[0]), data);
  const std::optional<double> momentum = momentum_of(c.training.optimizer);
  const ReportFacts facts{
      .command = command_line,
      .dataset = data.train.name,
      .data = fmt::format("{}; {} training, {} validation and {} test examples", data.train.name,
                          p.training_examples, p.validation_examples, data.test.size()),
      .conditions = fmt::format("network {}, {}, batches of {}, {} updates", p.model,
                                momentum && *momentum > 0.0
                                    ? fmt::format("{} with momentum {}", a.optimizer, *momentum)
                                    : a.optimizer,
                                a.batch_size, p.total_steps),
      .machine = machine_text(workers)};
  const fs::path out = a.out;
  const TrialStore store(out / "trials");
  std::cerr << fmt::format("{}\n{}\n{}\n", data.train.origin, facts.data, facts.conditions);

  interrupted = false;
  void (*const previous)(int) = std::signal(SIGINT, [](int) { interrupted = true; });
  Announcer announce(find_terminal(STDERR_FILENO).live);
  const std::vector<Contestant> contestants =
      compare(c, data, store, workers,
              {.progress = std::ref(announce), .stop = [] { return interrupted.load(); }});
  std::signal(SIGINT, previous);
  if (contestants.empty()) {
    std::cerr << "\nanneal: interrupted; the same command goes on from here\n";
    return exit_interrupted;
  }
  const std::string text = report_text(c, contestants, facts);
  write_file(out / "report.md", text);
  write_file(out / "results.csv", report_csv(c, contestants));
  std::cout << text << std::flush;
  std::cerr << fmt::format("\nreport {}\nnumbers {}\n", (out / "report.md").string(),
                           (out / "results.csv").string());
  return 0;
}

}  // namespace

Command declare_compare(CLI::App& app, const std::string& command_line) {
  const auto a = std::make_shared<CompareArguments>();
  app.add_option("--schedule", a->schedules,
                 "One to compare; again for each [nine well-known ones]")
      ->type_name("SCHEDULE")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--baseline", a->baseline, "What the others are compared with [the first]")
      ->type_name("SCHEDULE");
  app.add_option("--peaks", a->peaks, "Learning rates at factor 1, for all [six, x2 apart]")
      ->type_name("LR,LR,...");
  whole(app, "--tuning-seeds", a->tuning_seeds, 1, 1000, "Seeds that choose the peak");
  whole(app, "--seeds", a->seeds, 1, 1000, "Fresh seeds that decide");
  app.add_flag("--quick", a->quick, "Four peaks, one tuning and three fresh seeds: a first look");
  word(app, "--dataset", a->dataset, datasets::dataset_names(), "What to learn");
  app.add_option("--data", a->data_directory, "Folder to look for the dataset in first")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  whole(app, "--validation", a->validation, 1, 1'000'000'000, "Training examples held out");
  widths(app, "--hidden", a->hidden, "Widths of the hidden layers, or none");
  word(app, "--optimizer", a->optimizer, optimizer_names(), "The update rule");
  whole(app, "--epochs", a->epochs, 1, 1'000'000, "Passes over the training set");
  whole(app, "--batch-size", a->batch_size, 1, 1'000'000, "Examples an update");
  whole(app, "--workers", a->workers, 0, 1024, "Trials at a time; 0: one for each core");
  app.add_option("--out", a->out, "Folder for trials and report; what it holds is not done again")
      ->capture_default_str()
      ->type_name("DIR");
  return [a, command_line] { return run_compare(*a, command_line); };
}

}  // namespace anneal::apps
