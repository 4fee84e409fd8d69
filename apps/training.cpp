#include "apps/training.h"

#include <omp.h>
#include <sys/resource.h>

#include <chrono>
#include <cmath>

#include "apps/cores.h"
#include "apps/fail.h"
#include "apps/memory_limit.h"
#include "apps/trainer.h"
#include "datasets/batches.h"
#include "nn/autograd/denormals.h"
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

/// Of those held out: what schedules may watch, and what the end of the run is judged by.
struct HeldOut {
  std::vector<std::uint32_t> watched;
  std::vector<std::uint32_t> judging;
};

HeldOut held_out(const TrainingOptions& options, const std::vector<std::uint32_t>& validation) {
  if (!options.watched) return {validation, validation};
  const auto wanted = static_cast<std::size_t>(*options.watched);
  if (wanted >= validation.size())
    fail(Fault::argument, "of " + std::to_string(validation.size()) +
                              " validation examples, watching " + std::to_string(wanted) +
                              " leaves none to judge by");
  const datasets::Split parts = datasets::split(validation.size(), wanted, options.seed);
  HeldOut out;
  for (const std::uint32_t i : parts.validation) out.watched.push_back(validation[i]);
  for (const std::uint32_t i : parts.training) out.judging.push_back(validation[i]);
  return out;
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
    if (!(std::round(size) >= 1.0 && size <= 1e9))
      fail(Fault::argument, "--batch-size-schedule makes a batch of " + sched::number_text(size) +
                                " in epoch " + std::to_string(e + 1) + " of " +
                                std::to_string(sizes.size()) + "; wanted one in [1, 1000000000]");
    sizes[e] = static_cast<std::size_t>(std::round(size));
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

/// The most threads that share this thread's work, until the end of the scope.
class ThreadCount {
 public:
  explicit ThreadCount(int threads) { omp_set_num_threads(threads); }
  ~ThreadCount() { omp_set_num_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

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
  const auto watched_examples =
      static_cast<std::int64_t>(held_out(options, parts.validation).watched.size());
  for (const sched::Schedule& s : all)
    if (watched_examples == 0 && s.watches_losses())
      fail(Fault::argument,
           "schedule '" + s.text() + "' watches the validation loss; give it a --validation set");
  std::vector<std::size_t> sizes = batch_sizes(options);
  const auto largest = static_cast<double>(*std::ranges::max_element(sizes));
  const auto evaluated = static_cast<double>(std::max(validation_examples, data.test.size()));
  const MemoryNeed memory =
      memory_need(options.network, options.optimizer, data.train.features(), data.train.classes,
                  std::min(largest, static_cast<double>(examples)),
                  std::min(evaluated, static_cast<double>(Trainer::evaluation_batch)));
  refuse_beyond(memory_limit(), memory);
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
          .watched_examples = watched_examples,
          .batch_sizes = std::move(sizes),
          .epoch_ends = epoch_ends,
          .evaluation_steps = evaluation_steps(options.evaluations, epoch_ends),
          .steps_per_epoch = steps_per_epoch,
          .total_steps = total,
          .model = network_text(options.network, data.train.features(), data.train.classes),
          .parameters = nn::parameter_count(*net),
          .threads = options.threads > 0 ? options.threads : cores(),
          .memory = memory};
}

RunResult train(const TrainingOptions& options, const TrainingPlan& plan,
                const datasets::TrainAndTest& data, const TrainingEvents& events) {
  const ThreadCount threads(plan.threads);
  nn::flush_denormals();
  const datasets::Split parts = split(options, data.train);
  const HeldOut held = held_out(options, parts.validation);
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
  const auto diverge = [&] {
    result.diverged = true;
    result.stopped = Stopped::diverged;
  };

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
      diverge();
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
      const auto& rows_now = step + 1 == plan.total_steps ? held.judging : held.watched;
      if (!rows_now.empty()) {
        const Evaluation e = trainer.evaluate(data.train, rows_now);
        log.push_back({step + 1, e.loss});
        if (events.evaluation) events.evaluation({step + 1, result.train_loss, e.loss, e.accuracy});
        if (!std::isfinite(e.loss)) {
          diverge();
          break;
        }
      }
    }
    if (events.stop && events.stop()) {
      result.stopped = Stopped::interrupted;
      if (recent_samples > 0) result.train_loss = recent_loss / static_cast<double>(recent_samples);
      break;
    }
  }

  const Evaluation test = trainer.evaluate(data.test, datasets::all_rows(data.test));
  // No minibatch saw what the last update did.
  if (!trainer.weights_are_finite() || (data.test.size() > 0 && !std::isfinite(test.loss)))
    diverge();
  result.test_loss = test.loss;
  result.test_accuracy = test.accuracy;
  result.samples_per_s = training_seconds > 0 ? static_cast<double>(samples) / training_seconds : 0;
  result.seconds = seconds_now() - begun;
  result.training_seconds = training_seconds;
  result.peak_rss_mb = peak_rss_mb();
  return result;
}

}  // namespace anneal::apps
