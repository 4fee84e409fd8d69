#include "apps/compare_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "apps/compare/open_constants.h"
#include "apps/compare/presets.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/train_options.h"
#include "apps/view/read_file.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"
#include "sched/parse.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

/// Comparison k has the seeds (k - 1) 10000 + 1, 2, 3, ... to decide and (k - 1) 10000 + 5001,
/// 5002,
/// ... to tune: none in common with one another's, for at most 1000 of each.
constexpr std::uint64_t seeds_apart = 10'000;
constexpr std::uint64_t first_tuning_seed = 5001;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// Split at `separator`, but not within 'single quotes'.
std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (c == separator && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  std::ranges::transform(parts, parts.begin(), trimmed);
  return parts;
}

/// A rising list of rates, or nothing.
std::vector<double> read_rates(const std::string& text) {
  std::vector<double> rates;
  for (const std::string& part : parts_of(text, ',')) {
    std::size_t used = 0;
    double rate = 0.0;
    try {
      rate = std::stod(part, &used);
    } catch (const std::exception&) {
      return {};
    }
    if (used != part.size() || !(rate > 0.0) || !std::isfinite(rate)) return {};
    if (!rates.empty() && rate <= rates.back()) return {};
    rates.push_back(rate);
  }
  return rates;
}

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

/// A factor of two apart, around what the optimizer is known to take.
std::vector<double> default_peaks(const OptimizerOptions& optimizer, int count) {
  // Six reach from an eighth of it to four times it; others grow or shrink from the middle.
  std::vector<double> peaks;
  peaks.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k)
    peaks.push_back(
        std::stod(fmt::format("{:.3g}", std::ldexp(usual_peak_of(optimizer), k - count / 2))));
  return peaks;
}

/// The options that this rule has, of those meant for any.
OptimizerOptions options_for(const std::string& name, const OptimizerOptions& given) {
  OptimizerOptions options = given;
  options.name = name;
  const OptimizerOptions own{.name = name};
  if (!momentum_of(own)) options.momentum.reset();
  if (!beta1_of(own)) options.beta1.reset();
  if (!beta2_of(own)) options.beta2.reset();
  if (name != "sgd") options.nesterov = false;
  if (name == "sgd") options.epsilon.reset();
  if (name != "adam" && name != "adamw") options.amsgrad = false;
  return options;
}

/// Appends a schedule under each of the optimizers, or under its own.
void add_entrants(const CompareArguments& a, const std::string& text,
                  std::vector<Entrant>& entrants) {
  const EntrantText t = read_entrant(text);
  const std::vector<std::string> variants = variants_of(t.schedule);
  std::vector<std::string> optimizers = a.optimizers;
  if (!t.optimizer.empty()) optimizers = {t.optimizer};
  for (const std::string& optimizer : optimizers) {
    Entrant e{.name = t.name.empty() ? t.schedule : t.name,
              .schedule = t.schedule,
              .optimizer = options_for(optimizer, a.training.optimizer),
              .peaks = t.peaks};
    if (!variants.empty()) {
      e.schedule = variants[0];
      if (variants.size() > 1) e.variants = variants;
    }
    if (optimizers.size() > 1) e.name += ", " + optimizer;
    if (e.peaks.empty()) e.peaks = a.peaks;
    if (e.peaks.empty()) e.peaks = default_peaks(e.optimizer, a.grid);
    entrants.push_back(std::move(e));
  }
}

std::ptrdiff_t place_of(const std::string& baseline, const std::vector<Entrant>& entrants) {
  return std::ranges::find_if(
             entrants,
             [&](const Entrant& e) { return e.name == baseline || e.schedule == baseline; }) -
         entrants.begin();
}

/// One that is none of the entrants joins them, if it is a schedule.
void check_baseline(const std::string& baseline, const std::vector<Entrant>& entrants) {
  try {
    const std::string schedule = read_entrant(baseline).schedule;
    const std::vector<std::string> variants = variants_of(schedule);
    sched::parse(variants.empty() ? schedule : variants[0]);
  } catch (const std::exception&) {
    std::vector<std::string> names(entrants.size());
    std::ranges::transform(entrants, names.begin(), &Entrant::name);
    const std::string guess = sched::did_you_mean(baseline, names);
    const std::string those =
        guess.empty() ? fmt::format(" ({})", fmt::join(names, "; ")) : std::string();
    fail(Fault::argument, "--baseline '" + baseline + "' is none of those compared" + those +
                              ", and no schedule" + guess);
  }
}

}  // namespace

EntrantText read_entrant(const std::string& text) {
  const std::vector<std::string> parts = parts_of(text, ';');
  EntrantText entrant{.schedule = parts[0]};
  const auto wrong = [&](const std::string& what) {
    fail(Fault::argument, "--schedule '" + text + "': " + what);
  };
  std::vector<std::string> seen;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    const std::string key = trimmed(parts[i].substr(0, equals));
    if (std::ranges::find(seen, key) != seen.end()) wrong("'" + key + "' is given twice");
    seen.push_back(key);
    const std::string value =
        equals == std::string::npos ? "" : trimmed(parts[i].substr(equals + 1));
    if (value.empty()) wrong("'" + parts[i] + "' should be name=TEXT, optimizer=NAME or lr=RATE");
    if (key == "name") {
      entrant.name = value;
    } else if (key == "optimizer") {
      const std::vector<std::string> known = optimizer_names();
      if (std::ranges::find(known, value) == known.end())
        wrong("optimizer '" + value + "' is not known" + sched::did_you_mean(value, known));
      entrant.optimizer = value;
    } else if (key == "lr") {
      entrant.peaks = read_rates(value);
      if (entrant.peaks.empty()) wrong("'" + value + "' is not a rate, or a rising list of them");
      if (entrant.peaks.back() > 1e6) wrong("'" + value + "' is beyond 1e6");
    } else {
      wrong("'" + key + "' is none of name, optimizer and lr");
    }
  }
  return entrant;
}

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
  const std::filesystem::path file = std::filesystem::path(out) / comparison_file;
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

std::vector<Comparison> comparisons_of(const CompareArguments& a, std::int64_t examples) {
  constexpr std::int64_t enough = 10'000;  // to tell accuracies that differ by some tenths of 1 %
  Comparison c{.training = a.training,
               .growth = a.growth,
               .refinements = a.refinements,
               .evaluations = a.evaluations};
  if (!c.training.validation) c.training.validation = std::min(enough, examples / 6);
  if (c.training.validation == 0)
    fail(Fault::argument,
         "--validation is 0, but schedules are compared by their loss on examples held out");
  // A quarter is enough to watch by, and what is watched must not judge.
  c.training.watched = *c.training.validation / 4;
  for (const std::string& text : a.schedules) add_entrants(a, text, c.entrants);
  if (!a.baseline.empty()) {
    c.baseline = static_cast<std::size_t>(place_of(a.baseline, c.entrants));
    if (c.baseline == c.entrants.size()) {
      check_baseline(a.baseline, c.entrants);
      add_entrants(a, a.baseline, c.entrants);
    }
  }
  const std::uint64_t before = (a.seed - 1) * seeds_apart;
  for (int i = 0; i < a.tuning_seeds; ++i)
    c.tuning_seeds.push_back(before + first_tuning_seed + static_cast<std::uint64_t>(i));
  for (int i = 0; i < a.seeds; ++i)
    c.fresh_seeds.push_back(before + 1 + static_cast<std::uint64_t>(i));
  if (a.epochs.empty()) fail(Fault::argument, "--epochs: there must be one budget at least");
  for (const std::int64_t epochs : a.epochs)
    if (std::ranges::count(a.epochs, epochs) > 1)
      fail(Fault::argument, fmt::format("--epochs: {} is given twice", epochs));
  std::vector<Comparison> all;
  for (const std::int64_t epochs : a.epochs) {
    c.training.epochs = static_cast<int>(epochs);
    all.push_back(c);
  }
  return all;
}

}  // namespace anneal::apps
