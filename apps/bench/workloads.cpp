#include "apps/bench/workloads.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

#include "apps/trainer.h"
#include "datasets/batches.h"
#include "nn/autograd/denormals.h"

namespace anneal::apps {
namespace {

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Since this process began, to a hundredth: field 22 of /proc/self/stat, proc(5), against the time
/// since boot.
double process_age() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(line.rfind(')') + 2));  // from the third field on
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
         std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::vector<nn::Index> widths(const Workload& workload, nn::Index features, nn::Index classes) {
  std::vector<nn::Index> all{features};
  all.insert(all.end(), workload.hidden.begin(), workload.hidden.end());
  all.push_back(classes);
  return all;
}

}  // namespace

std::span<const Workload> workloads() {
  static const std::vector<Workload> all{
      {"W1", {128}, 64, "adam", 1e-3, 60'000},
      {"W2", {512, 256}, 128, "adam", 1e-3, 60'000},
      {"W3", {2048, 2048}, 256, "sgd", 0.05, 15'360},
      {"W4", {512, 256}, 128, "adam", 1e-3, 60'000, true},
  };
  return all;
}

std::int64_t multiply_adds(const Workload& workload, nn::Index features, nn::Index classes) {
  const std::vector<nn::Index> w = widths(workload, features, classes);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i + 1 < w.size(); ++i)  // forward, weights, and all inputs but the first
    sum += w[i] * w[i + 1] * (workload.evaluates ? 1 : i == 0 ? 2 : 3);
  return sum;
}

std::int64_t parameters(const Workload& workload, nn::Index features, nn::Index classes) {
  const std::vector<nn::Index> w = widths(workload, features, classes);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i + 1 < w.size(); ++i) sum += (w[i] + 1) * w[i + 1];
  return sum;
}

Speed measure(const Workload& workload, const datasets::TrainAndTest& data, int threads,
              int epochs) {
  TrainingOptions options{.schedule = "constant",
                          .epochs = workload.evaluates ? 1 : epochs,
                          .batch_size = workload.batch_size,
                          .examples = std::min<std::int64_t>(workload.examples, data.train.size()),
                          .validation = 0,
                          .threads = threads};
  options.network.hidden = workload.hidden;
  options.optimizer.name = workload.optimizer;
  options.optimizer.lr = workload.lr;

  Speed speed{.workload = std::string(workload.name), .threads = threads};
  double fastest = std::numeric_limits<double>::infinity();
  const TrainingPlan planned = plan(options, data);
  double begun = seconds_now();
  const RunResult result =
      train(options, planned, data, {.step = [&](const StepRecord& s, std::int64_t) {
              if (s.step == 0) speed.first_update_s = process_age();
              if ((s.step + 1) % planned.steps_per_epoch != 0) return;
              fastest = std::min(fastest, seconds_now() - begun);
              begun = seconds_now();
            }});
  auto examples = static_cast<double>(planned.training_examples);
  auto whole = static_cast<double>(data.train.size());
  if (workload.evaluates) {
    Trainer trainer(options, planned, data.train, datasets::standardize(data.train));
    std::vector<std::uint32_t> rows(static_cast<std::size_t>(data.test.size()));
    std::iota(rows.begin(), rows.end(), 0U);
    constexpr int passes = 10;  // to an epoch, which is short
    fastest = std::numeric_limits<double>::infinity();
    for (int epoch = 0; epoch < epochs; ++epoch) {
      begun = seconds_now();
      for (int pass = 0; pass < passes; ++pass) trainer.evaluate(data.test, rows);
      fastest = std::min(fastest, (seconds_now() - begun) / passes);
    }
    whole = examples = static_cast<double>(data.test.size());
  }
  speed.samples_per_s = examples / fastest;
  speed.seconds_per_epoch = whole / speed.samples_per_s;
  speed.test_accuracy = result.test_accuracy;
  speed.peak_rss_mb = result.peak_rss_mb;
  return speed;
}

}  // namespace anneal::apps
