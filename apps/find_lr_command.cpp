// anneal find-lr: the learning-rate range test, over seeds; docs/find-lr.md.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <limits>
#include <optional>

#include "apps/commands.h"
#include "apps/cores.h"
#include "apps/data.h"
#include "apps/fail.h"
#include "apps/find_lr/report.h"
#include "apps/interrupt.h"
#include "apps/memory_limit.h"
#include "apps/options.h"
#include "apps/train_options.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

struct FindLrArguments {
  RangeTestOptions test;
  std::optional<double> from, to;
  std::string dataset = "auto";
  std::string data_directory;
  int workers = 0;
  std::string out = "runs/find-lr";
  bool json = false;
};

/// The test with its range: as given, else five decades around what the optimizer usually takes.
RangeTestOptions test_of(const FindLrArguments& a) {
  RangeTestOptions test = a.test;
  const std::string& optimizer = test.training.optimizer.name;
  const bool takes_large_rates = optimizer == "sgd" || optimizer == "adagrad";
  test.from = a.from.value_or(takes_large_rates ? 1e-4 : 1e-5);
  test.to = a.to.value_or(takes_large_rates ? 10.0 : 1.0);
  return test;
}

/// The comparison of what was tested: the options that were given and that it has as well. It does
/// hold examples out, though a test need not.
std::string comparison_command(const RangeTestOptions& o, const CLI::App& app,
                               const CommandLine& command_line) {
  std::string text = command_line.program + " compare";
  for (const CLI::Option* option : app.get_options()) {
    const std::string& group = option->get_group();
    const bool shared = group == "Data" || group == "Network" || group == "Optimizer" ||
                        option->get_name() == "--batch-size";
    if (!shared || option->count() == 0) continue;
    if (option->get_name() == "--validation" && o.training.validation == 0) continue;
    if (is_flag(*option) && option->as<bool>()) text += " " + option->get_name();
    for (const std::string& value : values_of(*option))
      if (!is_flag(*option)) text += " " + option->get_name() + " " + quoted(value);
  }
  return text;
}

/// What trains the network that was tested, on the same data, but for the rate: with the schedule
/// and the epochs of `anneal train`.
std::string training_text(const RangeTestOptions& o, const FindLrArguments& a,
                          const TrainingPlan& p, const datasets::TrainAndTest& data,
                          const CommandLine& command_line) {
  TrainingOptions t = o.training;
  const TrainingOptions usual;
  t.schedule = usual.schedule;
  t.epochs = usual.epochs;
  t.seed = usual.seed;
  t.optimizer.lr = {};
  if (p.steps_per_epoch * usual.epochs < 20) t.schedule = "cosine";  // too few for a warmup
  return train_command(command_line.program, found_dataset(a.dataset, data), a.data_directory, t);
}

RangeFacts facts_of(const RangeTestOptions& o, const FindLrArguments& a, const TrainingPlan& p,
                    const datasets::TrainAndTest& data, const CLI::App& app,
                    const CommandLine& command_line) {
  const std::optional<double> momentum = momentum_of(o.training.optimizer);
  return {.command = command_line.whole,
          .comparison = comparison_command(o, app, command_line),
          .train = training_text(o, a, p, data, command_line),
          .data = fmt::format("{}, {} training examples", data.train.name, p.training_examples),
          .conditions = fmt::format(
              "Network {}, {}{}, batches of {}", p.model, o.training.optimizer.name,
              momentum && *momentum > 0.0 ? fmt::format(" with momentum {}", *momentum) : "",
              o.training.batch_size)};
}

int run_find_lr(const FindLrArguments& a, const CLI::App& app, const CommandLine& command_line) {
  std::ostream& out = a.json ? std::cerr : std::cout;
  const RangeTestOptions test = test_of(a);
  datasets::TrainAndTest data = load_data(a.dataset, a.data_directory);
  const TrainingPlan planned = plan(test, data);
  const int workers = a.workers > 0 ? a.workers : cores();
  refuse_beyond(memory_limit(), planned.memory, std::min(workers, test.seeds));
  const fs::path folder = a.out;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(Fault::world, folder.string() + ": cannot be made: " + error.message());
  const RangeFacts facts = facts_of(test, a, planned, data, app, command_line);
  out << printable_lines(fmt::format("{}\n{}\n{}\nLearning rates {}\n\n", data.train.origin,
                                     facts.data, facts.conditions, range_text(test)))
      << std::flush;

  std::vector<SeedCurve> seeds = [&] {
    const CatchInterrupt catching;
    return train_seeds(test, std::move(data), workers, CatchInterrupt::caught);
  }();
  if (CatchInterrupt::caught()) {
    std::cerr << "anneal: interrupted; nothing was written\n";
    return CatchInterrupt::exit_code();
  }

  const RangeTest result = summarize(test, std::move(seeds));
  out << range_report(facts, result, find_terminal(a.json ? STDERR_FILENO : STDOUT_FILENO));
  const fs::path page = folder / "find-lr.html";
  const fs::path numbers = folder / "find-lr.csv";
  write_then_print(
      [&] {
        write_file(page, range_page(test, facts, result));
        write_file(numbers, range_csv(result));
      },
      [&] {
        if (a.json) std::cout << range_json(test, facts, result) << std::endl;
      });
  out << printable_lines(
      fmt::format("\npage     {}\nnumbers  {}\n", page.string(), numbers.string()));
  return 0;
}

}  // namespace

Command declare_find_lr(CLI::App& app, const CommandLine& command_line) {
  const auto a = std::make_shared<FindLrArguments>();
  TrainingOptions& t = a->test.training;
  t.network.hidden = {128};
  t.optimizer.name = "sgd";
  app.footer(
      fmt::format("The rate rises by the same factor with every update. A seed's test ends early "
                  "when its loss\n"
                  "is not finite, or when the smoothed loss is beyond {} times its minimum.",
                  give_up));
  const auto in_test = [](CLI::Option* option) { option->group("Test"); };
  in_test(number(app, "--from", a->from, 0.0, 1e6,
                 "Lowest rate [0.0001 for sgd and adagrad, else 0.00001]"));
  in_test(number(app, "--to", a->to, 0.0, 1e6, "Highest rate [10 for sgd and adagrad, else 1]"));
  in_test(whole(app, "--updates", a->test.updates, 2, 1'000'000, "From the lowest to the highest"));
  in_test(whole(app, "--seeds", a->test.seeds, 1, 1000, "How many: --seed, and those after it"));
  declare_data(app, a->dataset, a->data_directory, t);
  declare_network(app, t.network);
  word(app, "--optimizer", t.optimizer.name, optimizer_names(), "The update rule")
      ->group("Optimizer");
  declare_optimizer(app, t);

  const auto in_run = [](CLI::Option* option) { option->group("Run"); };
  in_run(whole(app, "--batch-size", t.batch_size, 1, 1'000'000, "Examples an update"));
  in_run(app.add_flag("--drop-last", t.drop_last, "Leave out an epoch's last, smaller batch"));
  in_run(whole(app, "--seed", t.seed, 0, std::numeric_limits<std::int64_t>::max(),
               "The first: of weights, order, split and dropout"));
  in_run(whole(app, "--workers", a->workers, 0, 1024, "Seeds at a time; 0: one for each core"));
  in_run(app.add_option("--out", a->out, "Folder for find-lr.html and find-lr.csv")
             ->capture_default_str()
             ->type_name("DIR"));
  in_run(app.add_option("--config",
                        "Options from a JSON object, or from an earlier run.jsonl what applies")
             ->type_name("FILE"));
  in_run(app.add_flag("--json", a->json, "Print the test as one JSON object on standard output"));
  return [&app, a, command_line] { return run_find_lr(*a, app, command_line); };
}

}  // namespace anneal::apps
