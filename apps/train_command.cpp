// anneal train: one network, one schedule. Its defaults reach 98 % on MNIST's test set.
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <iostream>

#include "apps/commands.h"
#include "apps/data.h"
#include "apps/data_source.h"
#include "apps/fail.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/schedule_values.h"
#include "apps/stages.h"
#include "apps/train_options.h"
#include "apps/train_presets.h"
#include "apps/training.h"
#include "apps/view/chart.h"
#include "apps/view/html.h"
#include "apps/view/progress.h"
#include "apps/view/smooth.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"
#include "sched/fail.h"
#include "sched/parse.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr double large = 1e9;  // bytes: a run that takes more says so

/// A new folder under runs/, named after the time. To make it is to claim it: of runs that begin in
/// the same second, each gets one of its own.
fs::path fresh_folder(std::time_t now) {
  const std::string name = fmt::format("runs/{:%Y%m%d-%H%M%S}", fmt::localtime(now));
  fs::path folder = name;
  std::error_code error;
  fs::create_directories("runs", error);
  for (int i = 2; !error && !fs::create_directory(folder, error); ++i)
    folder = name + "-" + std::to_string(i);
  if (error) fail(Fault::world, folder.string() + ": cannot be made: " + error.message());
  return folder;
}

/// "warmup 0-107, cosine 107-2150"
std::string stages_text(const std::vector<sched::Stage>& stages) {
  constexpr std::size_t shown = 8;
  std::string text;
  for (std::size_t i = 0; i < stages.size() && i < shown; ++i)
    text += fmt::format("{}{} {}-{}", i == 0 ? "" : ", ", sched::shown(stages[i].text),
                        stages[i].begin, stages[i].end);
  if (stages.size() > shown) text += fmt::format(", and {} more", stages.size() - shown);
  return text;
}

/// The options with what a schedule's file holds in the place of the file: it is read once, and the
/// run is that of what it held then.
TrainingOptions without_files(TrainingOptions options) {
  const double base_lr = base_lr_of(options.optimizer);
  const auto write_out = [&](std::string& text, const sched::Schedule& schedule) {
    if (sched::reads_file(schedule)) text = schedule.text();
  };
  write_out(options.schedule, sched::parse(options.schedule, base_lr));
  for (std::string& text : options.lr_groups) {
    const LrGroup group = read_lr_group(text, base_lr);
    if (sched::reads_file(group.schedule)) text = group.pattern + ": " + group.schedule.text();
  }
  for (const auto& [name, schedule] : follow_schedules)
    if (std::string& text = options.follow.*schedule; !text.empty())
      write_out(text, sched::parse(text));
  return options;
}

RunConfig config_of(const TrainArguments& a, const TrainingOptions& t, const TrainingPlan& plan,
                    const datasets::TrainAndTest& data, const CLI::App& app,
                    const CommandLine& command_line, std::time_t now) {
  RunConfig config{.program = "anneal " ANNEAL_VERSION,
                   .command = command_line.whole,
                   .started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now)),
                   .options = echo(app),
                   .dataset = source_of(data),
                   .model = plan.model,
                   .parameters = plan.parameters,
                   .schedule = plan.schedule.text(),
                   .stages = {},
                   .steps_per_epoch = plan.steps_per_epoch,
                   .total_steps = plan.total_steps};
  config.dataset.emplace_back("training", plan.training_examples);
  config.dataset.emplace_back("validation", plan.validation_examples);
  config.dataset.emplace_back("test", data.test.size());
  for (const sched::Stage& s : plan.stages) config.stages.push_back({s.text, s.begin, s.end});
  // What depends on something else is recorded as it came out: the rate on the optimizer, the data
  // on what there is, a folder's name on where one is, a schedule on what its file held.
  std::size_t groups = 0;
  for (auto& [name, value] : config.options) {
    if (name == "schedule") value = t.schedule;
    if (name == "lr-group" && groups < t.lr_groups.size()) value = t.lr_groups[groups++];
    for (const auto& [option, schedule] : follow_schedules)
      if (name == option) value = t.follow.*schedule;
    if (name == "lr") value = base_lr_of(t.optimizer);
    if (name == "dataset") value = dataset_from_anywhere(found_dataset(a.dataset, data));
    if (name == "data") value = directory_from_anywhere(a.data_directory);
  }
  return config;
}

void print_plan(std::ostream& out, const TrainArguments& a, const TrainingPlan& plan,
                const datasets::TrainAndTest& data) {
  const TrainingOptions& t = a.training;
  std::string text =
      fmt::format("data       {}\n", data.train.origin) +
      fmt::format("           {} training, {} validation and {} test examples\n",
                  plan.training_examples, plan.validation_examples, data.test.size()) +
      fmt::format("network    {}, {}, {} parameters\n", plan.model, t.network.activation,
                  plan.parameters) +
      fmt::format("optimizer  {}, base lr {}, batches of {}{}, {} thread{}\n", t.optimizer.name,
                  base_lr_of(t.optimizer), t.batch_size,
                  t.batch_size > plan.training_examples ? " (more than there are: of all)" : "",
                  plan.threads, plan.threads == 1 ? "" : "s") +
      fmt::format("schedule   {}\n", t.schedule);
  if (t.schedule != plan.schedule.text())
    text += fmt::format("           = {}\n", sched::shown(plan.schedule.text()));
  text += fmt::format("           {} ({} updates an epoch)\n", stages_text(plan.stages),
                      plan.steps_per_epoch);
  if (!t.follow.batch_size.empty())
    text += fmt::format("batches    of {} by the epoch\n", fmt::join(plan.batch_sizes, ", "));
  for (const LrGroup& g : plan.lr_groups)
    text += fmt::format("           {}: {}\n", g.pattern, sched::shown(g.schedule.text()));
  for (const Followed& f : plan.followed)
    text += fmt::format(
        "{:<10} {}{}\n", name_of(f.what),
        f.base == 1.0 ? f.schedule.text() : fmt::format("{} * ({})", f.base, f.schedule.text()),
        f.of_peer ? ", as the schedule says (cycle_momentum)" : "");
  if (plan.memory.total() > large)
    text += fmt::format("memory     about {} for the network, its optimizer and a batch\n",
                        bytes_text(plan.memory.total()));
  for (const std::string& note : notes_on(plan, t.schedule))
    text += fmt::format("note       {}\n", note);
  out << printable_lines(text) << std::flush;
}

/// The rate and the smoothed loss over the updates, as the terminal can show them.
void print_charts(std::ostream& out, const RunLog& log, const Terminal& terminal) {
  Series lr{"learning rate", {}, {}};
  Series loss{"training loss (smoothed)", {}, {}};
  Series validation{"validation loss", {}, {}};
  Smooth smooth(50);
  for (const StepRecord& s : log.steps) {
    const auto x = static_cast<double>(s.step);
    lr.x.push_back(x);
    lr.y.push_back(s.lr);
    smooth.add(s.loss);
    loss.x.push_back(x);
    loss.y.push_back(smooth.value());
  }
  for (const EvaluationRecord& e : log.evaluations) {
    validation.x.push_back(static_cast<double>(e.step));
    validation.y.push_back(e.validation_loss);
  }
  ChartOptions options{.x_label = "update",
                       .width = std::min(terminal.columns, 100),
                       .height = 12,
                       .colour = terminal.colour,
                       .unicode = terminal.unicode};
  options.title = "learning rate";
  out << "\n" << terminal_chart(std::vector{lr}, options);
  options.title = "loss";
  options.log_y = true;
  options.height = 16;
  std::vector<Series> losses{loss};
  if (!validation.x.empty()) losses.push_back(validation);
  out << "\n" << terminal_chart(losses, options);
}

int exit_code(const RunResult& result) {
  if (result.stopped == Stopped::diverged) return exit_diverged;
  return result.stopped == Stopped::interrupted ? CatchInterrupt::exit_code() : 0;
}

/// "test accuracy 98.21 %, test loss 0.0612, after 2150 updates in 9.8 s (28k samples/s)"
std::string verdict(const RunResult& r, std::int64_t total_steps) {
  if (r.diverged) {
    const double loss = std::isfinite(r.train_loss) ? r.test_loss : r.train_loss;
    return fmt::format("diverged: the loss {} {} is {}. Try a lower --lr, or a longer warmup.",
                       r.steps < total_steps ? "at update" : "after update", r.steps,
                       std::isinf(loss) ? "infinite" : "not a number");
  }
  return fmt::format(
      "{}test accuracy {:.2f} %, test loss {:.4f}, after {} of {} update{} in {:.1f} s "
      "({:.0f} samples/s)",
      r.stopped == Stopped::interrupted ? "interrupted: " : "", 100 * r.test_accuracy, r.test_loss,
      r.steps, total_steps, total_steps == 1 ? "" : "s", r.seconds, r.samples_per_s);
}

/// Does what writes files. An error is said when it happens and is remembered: it is no reason to
/// lose what was computed.
class Attempts {
 public:
  /// Whether it worked.
  template <class Write>
  bool operator()(const Write& write) {
    try {
      write();
      return true;
    } catch (const std::runtime_error& error) {
      all_well_ = false;
      std::cerr << "\nanneal: " << printable_lines(error.what()) << "\n";
      return false;
    }
  }
  bool all_well() const { return all_well_; }

 private:
  bool all_well_ = true;
};

int run_train(const TrainArguments& a, const CLI::App& app, const CommandLine& command_line) {
  std::ostream& out = a.json ? std::cerr : std::cout;
  const Terminal terminal = find_terminal(a.json ? STDERR_FILENO : STDOUT_FILENO);
  const datasets::TrainAndTest data = load_data(a.dataset, a.data_directory);
  const TrainingOptions options = without_files(a.training);
  const TrainingPlan planned = plan(options, data);
  check_schedule_values(planned, options.optimizer);
  const std::time_t now = std::time(nullptr);
  const CatchInterrupt on_interrupt;
  std::signal(SIGPIPE, SIG_IGN);  // whoever read the output has gone: the run goes on
  RunLogWriter log(a.out.empty() ? fresh_folder(now) : fs::path(a.out));
  log.write(config_of(a, options, planned, data, app, command_line, now));
  print_plan(out, a, planned, data);

  Attempts attempt;
  RunResult result;
  {
    Progress progress(out, {.epoch_ends = planned.epoch_ends},
                      {.live = terminal.live,
                       .unicode = terminal.unicode,
                       .columns = [&] { return find_terminal(a.json ? 2 : 1).columns; },
                       .seconds = {}});
    const TrainingEvents events{.step =
                                    [&](const StepRecord& s, std::int64_t samples) {
                                      attempt([&] { log.write(s); });
                                      progress.step(s.step + 1, s.loss, s.lr, samples);
                                    },
                                .evaluation =
                                    [&](const EvaluationRecord& e) {
                                      attempt([&] { log.write(e); });
                                      progress.evaluated(e.validation_loss, e.validation_accuracy);
                                    },
                                .stop = [] { return CatchInterrupt::caught(); }};
    result = train(options, planned, data, events);
  }
  attempt([&] { log.write(result); });
  const bool has_log = attempt.all_well();

  const fs::path page = log.path().parent_path() / "run.html";
  const bool has_page = attempt([&] {
    const RunLog record = read_run(log.path());
    write_file(page, run_page(record));
    if (!record.steps.empty()) print_charts(out, record, terminal);
  });
  out << "\n" << verdict(result, planned.total_steps) << "\n";
  if (const double guessing = 1.0 / static_cast<double>(data.test.classes);
      !result.diverged && result.test_accuracy < 1.5 * guessing)
    out << fmt::format(
        "That is {} better than guessing ({:.0f} %): --lr may be far too high, or far too low.\n",
        result.test_accuracy > guessing ? "little" : "no", 100.0 * guessing);
  if (has_log) out << printable_lines(fmt::format("log   {}\n", log.path().string()));
  if (has_page) out << printable_lines(fmt::format("page  {}\n", page.string()));
  if (a.json) std::cout << to_json(result) << std::endl;
  return attempt.all_well() ? exit_code(result) : exit_mistake;
}

std::string options_of(const TrainPreset& preset) {
  std::string text;
  for (const std::string& argument : preset.arguments) text += " " + quoted(argument);
  return text;
}

/// Each preset with the options that it stands for.
std::string presets_text() {
  std::string text =
      "The defaults reach 98 % on MNIST: 512,256 with adam. anneal compare and find-lr have a\n"
      "smaller network and sgd, for speed; the train commands that they print say all that "
      "differs.\n\n"
      "Presets:\n";
  for (const TrainPreset& p : train_presets())
    text += fmt::format("  {:<10} {}\n            {}\n", p.name, p.help, options_of(p));
  return text;
}

/// The same of one, for an error; nothing if none was asked for.
std::string stands_for(const std::string& preset) {
  const auto found = std::ranges::find(train_presets(), preset, &TrainPreset::name);
  if (found == train_presets().end()) return {};
  return "\n--preset " + preset + " stands for" + options_of(*found);
}

/// The same of the schedule that is there by default, if it does not fit.
std::string on_default_schedule(const CLI::App& app, const std::string& error) {
  const std::string schedule = TrainingOptions().schedule;
  if (app.get_option("--schedule")->count() > 0 || !error.starts_with("'" + schedule + "'"))
    return {};
  return "\nThat is what --schedule is unless given; with so few updates, take --schedule cosine";
}

}  // namespace

Command declare_train(CLI::App& app, const CommandLine& command_line) {
  const auto arguments = std::make_shared<TrainArguments>();
  declare(app, *arguments);
  app.footer(presets_text());
  return [&app, arguments, command_line] {
    try {
      return run_train(*arguments, app, command_line);
    } catch (const std::invalid_argument& error) {  // perhaps of an option that nobody typed
      throw std::invalid_argument(error.what() + on_default_schedule(app, error.what()) +
                                  stands_for(arguments->preset));
    }
  };
}

}  // namespace anneal::apps
