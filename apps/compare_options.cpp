#include "apps/compare_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/compare/presets.h"
#include "apps/comparisons.h"
#include "apps/options.h"
#include "apps/train_options.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

CLI::Option* rates(CLI::App& app, const std::string& name, std::vector<double>& value,
                   const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            value = read_rates(text);
            if (value.empty())
              throw CLI::ValidationError(
                  name, "'" + text + "' is not a rising list of rates such as 0.01,0.02,0.04");
          },
          help)
      ->type_name("LR,LR,...");
}

CLI::Option* words(CLI::App& app, const std::string& name, std::vector<std::string>& value,
                   const std::vector<std::string>& known, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            value = parts_of(text, ',');
            for (const std::string& word : value)
              if (std::ranges::find(known, word) == known.end()) {
                const std::string guess = sched::did_you_mean(word, known);
                throw CLI::ValidationError(
                    name,
                    "'" + word + "' is not known" +
                        (guess.empty() ? fmt::format("; wanted some of {}", fmt::join(known, ", "))
                                       : guess));
              }
          },
          fmt::format("{}: {}", help, fmt::join(known, ", ")))
      ->default_str(fmt::format("{}", fmt::join(value, ",")))
      ->type_name("NAME,...");
}

/// "97.5%" or 0.975.
CLI::Option* share(CLI::App& app, const std::string& name, double& value, const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            const bool percent = text.ends_with('%');
            const std::vector<double> read =
                read_rates(percent ? text.substr(0, text.size() - 1) : text);
            value = read.size() == 1 ? read[0] / (percent ? 100.0 : 1.0) : 2.0;
            if (value > 1.0)
              throw CLI::ValidationError(
                  name, "'" + text + "' is not an accuracy such as 97.5% or 0.975");
          },
          help)
      ->default_str(fmt::format("{:.4g}%", 100 * value))
      ->type_name("PERCENT");
}

CLI::Option* shard(CLI::App& app, const std::string& name, std::pair<int, int>& value,
                   const std::string& help) {
  return app
      .add_option_function<std::string>(
          name,
          [=, &value](const std::string& text) {
            const auto parts = parts_of(text, '/');
            if (parts.size() != 2)
              throw CLI::ValidationError(name, "'" + text + "' is not a part such as 1/4");
            value.second = static_cast<int>(read_whole(name, parts[1], 1, 1'000'000));
            value.first = static_cast<int>(read_whole(name, parts[0], 1, value.second));
          },
          help)
      ->type_name("I/N");
}

}  // namespace

void declare(CLI::App& app, CompareArguments& a) {
  const auto group = [](CLI::Option* option, const char* name) { option->group(name); };
  group(
      app.add_option("--schedule", a.schedules,
                     "One to compare, again for each [linear, cosine, wsd, one_cycle, rex, "
                     "exponential, step, inverse_sqrt, constant]; with \"; lr=0.1\" behind it, at "
                     "that rate, untuned; step:gamma={0.1,0.3} is the better of the two, tuned; "
                     "with \"; optimizer=adam; name=mine\" under that one, so "
                     "called")
          ->type_name("SCHEDULE")
          ->allow_extra_args(false)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll),
      "Schedules");
  group(app.add_option("--preset", a.preset, "Options by a name, before all others; see below")
            ->type_name("NAME"),
        "Schedules");
  group(app.add_option(
               "--baseline", a.baseline,
               "What the others are compared with; added to them if it is none of them [the first]")
            ->type_name("SCHEDULE"),
        "Schedules");

  group(rates(app, "--peaks", a.peaks, "Learning rates at factor 1, for all [--grid]"), "Protocol");
  group(whole(app, "--grid", a.grid, 2, 30, "So many peaks, x2 apart, around the usual rate"),
        "Protocol");
  group(whole(app, "--growth", a.growth, 0, 30,
              "Peaks that may be added at each end, while a best one is the last"),
        "Protocol");
  group(whole(app, "--refinements", a.refinements, 0, 30,
              "Rounds around each best peak; 0: the grid alone, with all tuning seeds"),
        "Protocol");
  group(whole(app, "--tuning-seeds", a.tuning_seeds, 1, 1000, "Seeds that choose the peak"),
        "Protocol");
  group(whole(app, "--seeds", a.seeds, 1, 1000, "Fresh seeds that decide"), "Protocol");
  group(whole(app, "--seed", a.seed, 1, 1'000'000'000,
              "Another one draws other seeds, to tune and to decide"),
        "Protocol");
  group(share(app, "--target", a.target, "Validation accuracy to be reached"), "Protocol");
  group(whole(app, "--evaluations", a.evaluations, 1, 100'000,
              "Of a deciding run, on what is held out: the points of its curves"),
        "Protocol");
  group(app.add_flag("--quick", a.quick,
                     "A first look: --grid 4 --growth 2 --refinements 0 --tuning-seeds 1 --seeds 9 "
                     "--evaluations 4"),
        "Protocol");
  group(app.add_flag("--full", a.full, "An hour: --epochs 1,3,10 --optimizer sgd,adam --seeds 20"),
        "Protocol");

  declare_data(app, a.dataset, a.data_directory, a.training, "10000, at most a sixth");
  declare_network(app, a.training.network);
  group(words(app, "--optimizer", a.optimizers, optimizer_names(), "One, or some to compare"),
        "Optimizer");
  declare_optimizer(app, a.training);
  group(widths(app, "--epochs", a.epochs, "Budgets, in passes over the training set"), "Budget");
  group(whole(app, "--batch-size", a.training.batch_size, 1, 1'000'000, "Examples an update"),
        "Budget");

  group(whole(app, "--workers", a.workers, 0, 1024,
              "Trials at a time; 0: one for each core; under mpirun, one for each process"),
        "Run");
  group(
      shard(app, "--shard", a.shard, "Compute the I-th of N parts alone; see anneal merge --help"),
      "Run");
  group(app.add_option("--trial", a.trial, "Compute this trial alone; anneal plan lists them")
            ->type_name("KEY")
            ->check([](const std::string& key) {
              const bool hexadecimal =
                  key.find_first_not_of("0123456789abcdef") == std::string::npos;
              return key.size() >= 8 && key.size() <= 64 && hexadecimal
                         ? std::string()
                         : "'" + key +
                               "' is not 8 to 64 hexadecimal digits, as anneal plan lists them";
            }),
        "Run");
  group(app.add_option("--out", a.out,
                       "Folder for trials and report; what it holds is not done again")
            ->capture_default_str()
            ->type_name("DIR"),
        "Run");
  group(app.add_option("--config", "Options from a JSON object")->type_name("FILE"), "Run");
  app.add_flag("--sklearn", a.sklearn)->group("");  // for presets
  app.add_option("--title", a.title)->group("");
  app.add_option("--about", a.about)->group("");
}

void declare_comparison(CLI::App& app, CompareArguments& a) {
  a.training.network.hidden = {128};
  declare(app, a);
  std::string text =
      "The default network and optimizer are smaller and simpler than those of anneal train; a "
      "report\n"
      "has the train command of its leader's run.\n\nPresets:\n";
  for (const Preset& p : presets()) text += fmt::format("  {:<18} {}\n", p.name, p.help);
  app.footer(text);
}

}  // namespace anneal::apps
