#include "apps/training.h"

#include <omp.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>
#include <numeric>

#include "apps/fail.h"
#include "datasets/batches.h"
#include "nn/autograd/denormals.h"
#include "nn/layers.h"
#include "optim/clip.h"
#include "sched/memory.h"
#include "sched/parse.h"
#include "sched/peers/peers.h"

namespace anneal::apps {
namespace {

using datasets::Dataset;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;  // kilobytes, on Linux
}

struct Evaluation {
  double loss = 0.0;
  double accuracy = 0.0;
};

/// The parameters of the first group, which follows the schedule of the run, and then those of the
/// others. The last pattern that matches counts.
std::vector<std::vector<nn::Parameter*>> grouped(nn::Module& module,
                                                 const std::vector<LrGroup>& groups) {
  std::vector<std::vector<nn::Parameter*>> out(groups.size() + 1);
  for (const auto& [name, parameter] : module.parameters()) {
    std::size_t at = groups.size();
    while (at > 0 && !matches(groups[at - 1].pattern, name)) --at;
    out[at].push_back(parameter);
  }
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (out[i + 1].empty()) {
      std::string names;
      for (const auto& [name, unused] : module.parameters())
        names += (names.empty() ? "" : ", ") + name;
      fail(Fault::argument, "--lr-group '" + groups[i].pattern +
                                "' is left without a parameter; there are " + names);
    }
  return out;
}

/// The network, its optimizer and the memory of a pass: what changes while it trains.
class Trainer {
 public:
  Trainer(const TrainingOptions& options, const TrainingPlan& plan, const Dataset& data,
          datasets::Normalization normalization)
      : options_(options),
        plan_(plan),
        data_(data),
        normalization_(normalization),
        net_(make_network(options.network, data.features(), data.classes, options.seed)),
        parameters_(parameters_of(*net_)),
        optimizer_(make_optimizer(options.optimizer, grouped(*net_, plan.lr_groups))),
        constants_(options.optimizer),
        tape_(options.seed) {}

  /// One update; returns the mean loss of the batch before it.
  double update(const sched::Clock& now, std::span<const std::uint32_t> rows, double factor) {
    const auto step = static_cast<std::int64_t>(now.step);
    follow(now);
    tape_.begin(nn::Mode::training, static_cast<std::uint64_t>(step));
    const nn::Var logits = net_->forward(input(data_, rows));
    const nn::Var loss = nn::softmax_cross_entropy(
        logits, labels_, static_cast<nn::Scalar>(options_.label_smoothing));
    const auto value = static_cast<double>(loss.value()[0]);
    if (!std::isfinite(value)) return value;  // the weights stay as they are
    tape_.backward(loss);
    if (options_.clip_value > 0.0) optim::clip_grad_value(parameters_, options_.clip_value);
    if (options_.clip_norm > 0.0) optim::clip_grad_norm(parameters_, options_.clip_norm);
    factors_.assign(1, factor);
    for (const LrGroup& group : plan_.lr_groups) factors_.push_back(group.schedule(now));
    optimizer_.step(factors_);
    return value;
  }

  /// Mean loss (not smoothed) and accuracy over some of a dataset's examples.
  Evaluation evaluate(const Dataset& data, std::span<const std::uint32_t> rows) {
    constexpr std::size_t batch = 1000;
    Evaluation sum;
    for (std::size_t begin = 0; begin < rows.size(); begin += batch) {
      const auto part = rows.subspan(begin, std::min(batch, rows.size() - begin));
      tape_.begin(nn::Mode::evaluation);
      const nn::Var logits = net_->forward(input(data, part));
      const nn::Var loss = nn::softmax_cross_entropy(logits, labels_);
      sum.loss += static_cast<double>(loss.value()[0]) * static_cast<double>(part.size());
      for (std::size_t i = 0; i < part.size(); ++i) {
        nn::Index best = 0;
        logits.value().matrix().row(static_cast<nn::Index>(i)).maxCoeff(&best);
        if (best == labels_[i]) sum.accuracy += 1.0;
      }
    }
    const auto n = static_cast<double>(rows.size());
    return {sum.loss / n, sum.accuracy / n};
  }

 private:
  static std::vector<nn::Parameter*> parameters_of(nn::Module& module) {
    std::vector<nn::Parameter*> all;
    for (const auto& [name, parameter] : module.parameters()) {
      parameter->name = name;  // so that errors say which layer's
      all.push_back(parameter);
    }
    return all;
  }

  nn::Var input(const Dataset& data, std::span<const std::uint32_t> rows) {
    const nn::Var x = tape_.input({static_cast<nn::Index>(rows.size()), data.features()});
    datasets::gather(data, normalization_, rows, tape_.value_of(x), labels_);
    return x;
  }

  /// Sets what follows a schedule to its value of the moment.
  void follow(const sched::Clock& now) {
    for (const Followed& f : plan_.followed) {
      const double value = f.base * f.schedule(now);
      if (f.what == Hyper::momentum) constants_.momentum = value;
      if (f.what == Hyper::beta1) constants_.beta1 = value;
      if (f.what == Hyper::beta2) constants_.beta2 = value;
      if (f.what == Hyper::weight_decay) constants_.weight_decay = value;
      if (f.what == Hyper::dropout)
        for (const auto& module : net_->children())
          if (auto* dropout = dynamic_cast<nn::Dropout*>(module.get()))
            dropout->set_probability(value);
    }
    if (!plan_.followed.empty()) set_constants(optimizer_, constants_);
  }

  const TrainingOptions& options_;
  const TrainingPlan& plan_;
  const Dataset& data_;
  datasets::Normalization normalization_;
  std::unique_ptr<nn::Sequential> net_;
  std::vector<nn::Parameter*> parameters_;
  optim::Optimizer optimizer_;
  OptimizerOptions constants_;   // of the moment
  std::vector<double> factors_;  // of each group
  nn::Tape tape_;
  std::vector<int> labels_;
};

std::vector<std::uint32_t> all_rows(const Dataset& data) {
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(data.size()));
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

datasets::Split split(const TrainingOptions& options, const Dataset& train) {
  const std::int64_t held_out = options.validation.value_or(train.size() / 12);
  datasets::Split parts = datasets::split(static_cast<std::size_t>(train.size()),
                                          static_cast<std::size_t>(held_out), options.seed);
  if (!options.examples) return parts;
  const auto wanted = static_cast<std::size_t>(*options.examples);
  if (wanted > parts.training.size())
    fail(Fault::argument, "there are " + std::to_string(parts.training.size()) +
                              " training examples besides those held out, but " +
                              std::to_string(wanted) + " were asked for");
  const datasets::Split few =
      datasets::split(parts.training.size(), parts.training.size() - wanted, options.seed);
  std::vector<std::uint32_t> chosen;
  for (const std::uint32_t i : few.training) chosen.push_back(parts.training[i]);
  parts.training = std::move(chosen);
  return parts;
}

std::vector<std::size_t> batch_sizes(const TrainingOptions& options) {
  std::vector<std::size_t> sizes(static_cast<std::size_t>(options.epochs),
                                 static_cast<std::size_t>(options.batch_size));
  if (options.follow.batch_size.empty()) return sizes;
  const sched::Schedule schedule = sched::parse(options.follow.batch_size);
  if (schedule.watches_losses())
    fail(Fault::argument,
         "--batch-size-schedule '" + schedule.text() +
             "' follows the losses, but how many updates there are must be known before");
  schedule.stages(options.epochs, 1);  // throws for what does not fit
  for (std::size_t e = 0; e < sizes.size(); ++e) {
    const double size = options.batch_size *
                        schedule(sched::Clock::at(static_cast<sched::Step>(e), options.epochs));
    sizes[e] = static_cast<std::size_t>(std::clamp(std::round(size), 1.0, 1e9));
  }
  return sizes;
}

/// When to evaluate: `evaluations` times, the last at the end; in a run of fewer updates, after
/// each of them. 0: after each epoch.
std::vector<std::int64_t> evaluation_steps(int evaluations, std::vector<std::int64_t> epoch_ends) {
  if (evaluations == 0) return epoch_ends;
  const std::int64_t total = epoch_ends.back();
  const std::int64_t wanted = std::min<std::int64_t>(evaluations, total);
  std::vector<std::int64_t> steps;
  for (std::int64_t k = 1; k <= wanted; ++k)
    steps.push_back(std::llround(static_cast<double>(total) * static_cast<double>(k) /
                                 static_cast<double>(wanted)));
  return steps;
}

datasets::Batches batches(const TrainingOptions& options, std::vector<std::size_t> sizes,
                          std::vector<std::uint32_t> rows) {
  return {std::move(rows), std::move(sizes), options.seed,
          options.drop_last ? datasets::LastBatch::drop : datasets::LastBatch::keep};
}

}  // namespace

TrainingPlan plan(const TrainingOptions& options, const datasets::TrainAndTest& data) {
  const double base_lr = base_lr_of(options.optimizer);
  const auto translated = sched::peers::translate(options.schedule, base_lr);
  const sched::Schedule schedule =
      translated ? translated->lr : sched::parse(options.schedule, base_lr);
  std::vector<LrGroup> groups;
  for (const std::string& text : options.lr_groups) groups.push_back(read_lr_group(text, base_lr));
  std::vector<Followed> followed = read_followed(options.follow, options.optimizer, options.network,
                                                 translated ? translated->momentum : std::nullopt);
  std::vector<sched::Schedule> all{schedule};
  for (const LrGroup& group : groups) all.push_back(group.schedule);
  for (const Followed& f : followed) all.push_back(f.schedule);
  datasets::Split parts = split(options, data.train);
  const auto examples = static_cast<std::int64_t>(parts.training.size());
  const auto validation_examples = static_cast<std::int64_t>(parts.validation.size());
  for (const sched::Schedule& s : all)
    if (parts.validation.empty() && s.watches_losses())
      fail(Fault::argument,
           "schedule '" + s.text() + "' watches the validation loss; give it a --validation set");
  std::vector<std::size_t> sizes = batch_sizes(options);
  const datasets::Batches order = batches(options, sizes, std::move(parts.training));
  std::vector<std::int64_t> epoch_ends;
  for (int e = 1; e <= options.epochs; ++e) epoch_ends.push_back(order.begin_of(e));
  const std::int64_t total = epoch_ends.back();
  const std::int64_t steps_per_epoch = std::llround(static_cast<double>(total) / options.epochs);

  const auto net =
      make_network(options.network, data.train.features(), data.train.classes, options.seed);
  make_optimizer(options.optimizer, grouped(*net, groups));  // throws for what makes no sense
  std::vector<sched::Stage> stages = schedule.stages(total, steps_per_epoch);
  for (const LrGroup& group : groups) group.schedule.stages(total, steps_per_epoch);  // they throw
  for (const Followed& f : followed) f.schedule.stages(total, steps_per_epoch);
  return {.schedule = schedule,
          .stages = std::move(stages),
          .lr_groups = std::move(groups),
          .followed = std::move(followed),
          .training_examples = examples,
          .validation_examples = validation_examples,
          .batch_sizes = std::move(sizes),
          .epoch_ends = epoch_ends,
          .evaluation_steps = evaluation_steps(options.evaluations, epoch_ends),
          .steps_per_epoch = steps_per_epoch,
          .total_steps = total,
          .model = network_text(options.network, data.train.features(), data.train.classes),
          .parameters = nn::parameter_count(*net),
          .threads = options.threads > 0 ? options.threads : omp_get_num_procs()};
}

RunResult train(const TrainingOptions& options, const TrainingPlan& plan,
                const datasets::TrainAndTest& data, const TrainingEvents& events) {
  omp_set_num_threads(plan.threads);
  nn::flush_denormals();
  const datasets::Split parts = split(options, data.train);
  datasets::Batches order = batches(options, plan.batch_sizes, parts.training);
  Trainer trainer(options, plan, data.train, datasets::standardize(data.train));
  const double base_lr = base_lr_of(options.optimizer);

  RunResult result{.dataset = data.train.name,
                   .schedule = plan.schedule.text(),
                   .optimizer = options.optimizer.name,
                   .seed = options.seed,
                   .threads = plan.threads};
  std::vector<sched::Observation> log;  // of validation losses: what a schedule may look back on
  sched::Memory memory;
  const double begun = seconds_now();
  double training_seconds = 0.0;
  std::int64_t samples = 0;
  double recent_loss = 0.0;  // since the last evaluation
  std::int64_t recent_samples = 0;

  for (std::int64_t step = 0; step < plan.total_steps; ++step) {
    const double before = seconds_now();
    const auto rows = order.at(step);
    const auto now = sched::Clock::at(step, plan.total_steps, plan.steps_per_epoch, log, &memory);
    const double factor = plan.schedule(now);
    const double loss = trainer.update(now, rows, factor);
    training_seconds += seconds_now() - before;
    const auto n = static_cast<std::int64_t>(rows.size());
    if (events.step) events.step({step, base_lr * factor, loss}, n);
    if (!std::isfinite(loss)) {
      result.diverged = true;
      result.stopped = Stopped::diverged;
      result.train_loss = loss;
      break;
    }
    ++result.steps;
    samples += n;
    recent_samples += n;
    recent_loss += loss * static_cast<double>(n);
    if (std::ranges::binary_search(plan.evaluation_steps, step + 1)) {
      result.train_loss = recent_loss / static_cast<double>(recent_samples);
      recent_loss = 0.0;
      recent_samples = 0;
      if (!parts.validation.empty()) {
        const Evaluation e = trainer.evaluate(data.train, parts.validation);
        log.push_back({step + 1, e.loss});
        if (events.evaluation) events.evaluation({step + 1, result.train_loss, e.loss, e.accuracy});
      }
    }
    if (events.stop && events.stop()) {
      result.stopped = Stopped::interrupted;
      if (recent_samples > 0) result.train_loss = recent_loss / static_cast<double>(recent_samples);
      break;
    }
  }

  const Evaluation test = trainer.evaluate(data.test, all_rows(data.test));
  result.test_loss = test.loss;
  result.test_accuracy = test.accuracy;
  result.samples_per_s = training_seconds > 0 ? static_cast<double>(samples) / training_seconds : 0;
  result.seconds = seconds_now() - begun;
  result.peak_rss_mb = peak_rss_mb();
  return result;
}

}  // namespace anneal::apps
