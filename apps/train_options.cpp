#include "apps/train_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "apps/data.h"
#include "apps/options.h"
#include "apps/train_presets.h"
#include "sched/length.h"

namespace anneal::apps {
namespace {

void group(CLI::Option* option, const char* name) {
  option->group(name);
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  std::ranges::transform(train_presets(), std::back_inserter(names), &TrainPreset::name);
  return names;
}

}  // namespace

void declare_data(CLI::App& app, std::string& dataset, std::string& directory, TrainingOptions& t,
                  const std::string& held_out) {
  declare_dataset(app, dataset, directory);
  group(whole(app, "--validation", t.validation, 0, 1'000'000'000,
              "Training examples held out [" + held_out + "]; plateau needs some"),
        "Data");
  group(whole(app, "--examples", t.examples, 1, 1'000'000'000,
              "Training examples to use, besides those held out [all]"),
        "Data");
}

void declare_network(CLI::App& app, NetworkOptions& n) {
  group(widths(app, "--hidden", n.hidden, "Widths of the hidden layers, or none"), "Network");
  group(word(app, "--activation", n.activation, activation_names(), "Between layers"), "Network");
  group(word(app, "--norm", n.norm, {"none", "batch", "layer"}, "Before each activation"),
        "Network");
  group(number(app, "--dropout", n.dropout, 0.0, 0.99, "Probability, after each activation"),
        "Network");
}

void declare_optimizer(CLI::App& app, TrainingOptions& t) {
  group(number(app, "--weight-decay", t.optimizer.weight_decay, 0.0, 1e6, "Decay of the weights"),
        "Optimizer");
  group(number(app, "--momentum", t.optimizer.momentum, 0.0, 0.9999, "For sgd [0.9], rmsprop [0]"),
        "Optimizer");
  group(app.add_flag("--nesterov", t.optimizer.nesterov, "For sgd"), "Optimizer");
  group(number(app, "--beta1", t.optimizer.beta1, 0.0, 0.999999, "For the adam family [0.9]"),
        "Optimizer");
  group(number(app, "--beta2", t.optimizer.beta2, 0.0, 0.999999, "For the adam family [0.999]"),
        "Optimizer");
  group(number(app, "--epsilon", t.optimizer.epsilon, 0.0, 1.0, "For all but sgd [1e-8]"),
        "Optimizer");
  group(app.add_flag("--amsgrad", t.optimizer.amsgrad, "For adam and adamw"), "Optimizer");
  group(number(app, "--label-smoothing", t.label_smoothing, 0.0, 1.0, "Of the training loss"),
        "Optimizer");
  group(number(app, "--clip-norm", t.clip_norm, 0.0, 1e9,
               "Largest norm of all gradients together; 0: any"),
        "Optimizer");
  group(number(app, "--clip-value", t.clip_value, 0.0, 1e9,
               "Largest size of a gradient's element; 0: any"),
        "Optimizer");
}

std::string train_command(const std::string& program, const std::string& dataset,
                          const std::string& directory, const TrainingOptions& t) {
  const TrainArguments defaults;
  const TrainingOptions& usual = defaults.training;
  std::string text = program + " train";
  const auto say = [&](const std::string& option, const std::string& value) {
    text += " " + option + " " + quoted(value);
  };
  const auto number = [&](const char* option, double value, double otherwise) {
    if (value != otherwise) say(option, sched::number_text(value));
  };
  const auto given = [&](const char* option, const auto& value) {
    if (value) say(option, sched::number_text(static_cast<double>(*value)));
  };
  const auto flag = [&](const char* option, bool value) {
    if (value) text += std::string(" ") + option;
  };
  if (dataset != defaults.dataset) say("--dataset", dataset);
  if (!directory.empty()) say("--data", directory);
  given("--validation", t.validation);
  given("--examples", t.examples);
  const NetworkOptions& n = t.network;
  if (n.hidden != usual.network.hidden)
    say("--hidden", n.hidden.empty() ? "none" : fmt::format("{}", fmt::join(n.hidden, ",")));
  if (n.activation != usual.network.activation) say("--activation", n.activation);
  if (n.norm != usual.network.norm) say("--norm", n.norm);
  number("--dropout", n.dropout, usual.network.dropout);
  const OptimizerOptions& o = t.optimizer;
  if (o.name != usual.optimizer.name) say("--optimizer", o.name);
  given("--lr", o.lr);
  number("--weight-decay", o.weight_decay, usual.optimizer.weight_decay);
  given("--momentum", o.momentum);
  flag("--nesterov", o.nesterov);
  given("--beta1", o.beta1);
  given("--beta2", o.beta2);
  given("--epsilon", o.epsilon);
  flag("--amsgrad", o.amsgrad);
  number("--label-smoothing", t.label_smoothing, usual.label_smoothing);
  number("--clip-norm", t.clip_norm, usual.clip_norm);
  number("--clip-value", t.clip_value, usual.clip_value);
  if (t.schedule != usual.schedule) say("--schedule", t.schedule);
  for (const std::string& lr_group : t.lr_groups) say("--lr-group", lr_group);
  for (const auto& [name, schedule] : follow_schedules)
    if (!(t.follow.*schedule).empty()) say("--" + std::string(name), t.follow.*schedule);
  number("--epochs", t.epochs, usual.epochs);
  number("--batch-size", t.batch_size, usual.batch_size);
  flag("--drop-last", t.drop_last);
  if (t.seed != usual.seed) say("--seed", std::to_string(t.seed));
  return text;
}

void declare(CLI::App& app, TrainArguments& a) {
  TrainingOptions& t = a.training;
  declare_data(app, a.dataset, a.data_directory, t);
  declare_network(app, t.network);
  group(word(app, "--optimizer", t.optimizer.name, optimizer_names(), "The update rule"),
        "Optimizer");
  group(number(app, "--lr", t.optimizer.lr, 0.0, 1e6,
               "Learning rate at factor 1 [0.1 for sgd, 0.01 for adagrad, else 0.001]"),
        "Optimizer");
  declare_optimizer(app, t);

  group(
      app.add_option("--schedule", t.schedule, "How the rate follows the run; see anneal schedules")
          ->capture_default_str()
          ->type_name("SCHEDULE"),
      "Schedule");
  group(app.add_option("--lr-group", t.lr_groups,
                       "A schedule of its own for parameters by name, as in 'bias: 2 * cosine'")
            ->type_name("PATTERN: SCHEDULE")
            ->allow_extra_args(false)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll),
        "Schedule");
  const auto follows = [&](const char* option, std::string& text, const char* help) {
    group(app.add_option(option, text, help)->type_name("SCHEDULE"), "Schedule");
  };
  follows("--momentum-schedule", t.follow.momentum, "What --momentum is multiplied by");
  follows("--beta1-schedule", t.follow.beta1, "What --beta1 is multiplied by");
  follows("--beta2-schedule", t.follow.beta2, "What --beta2 is multiplied by");
  follows("--weight-decay-schedule", t.follow.weight_decay, "What --weight-decay is multiplied by");
  follows("--dropout-schedule", t.follow.dropout, "What --dropout is multiplied by");
  follows("--batch-size-schedule", t.follow.batch_size,
          "What --batch-size is multiplied by, epoch by epoch");
  group(whole(app, "--epochs", t.epochs, 1, 1'000'000, "Passes over the training set"), "Schedule");
  group(whole(app, "--batch-size", t.batch_size, 1, 1'000'000, "Examples an update"), "Schedule");
  group(app.add_flag("--drop-last", t.drop_last, "Leave out an epoch's last, smaller batch"),
        "Schedule");

  group(whole(app, "--seed", t.seed, 0, std::numeric_limits<std::int64_t>::max(),
              "Of weights, order, split and dropout"),
        "Run");
  group(whole(app, "--threads", t.threads, 0, 1024,
              "At most; an update takes one if that is faster; 0: one for each core"),
        "Run");
  group(app.add_option("--out", a.out, "Folder for run.jsonl and run.html [runs/DATE-TIME]")
            ->type_name("DIR"),
        "Run");
  group(word(app, "--preset", a.preset, preset_names(), "Options by a name, before all others"),
        "Run");
  group(app.add_option("--config", "Options from a JSON object or an earlier run.jsonl")
            ->type_name("FILE"),
        "Run");
  group(app.add_flag("--json", a.json, "Print the result as one JSON object on standard output"),
        "Run");
}

}  // namespace anneal::apps
