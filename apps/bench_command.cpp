// anneal bench: the speed of training on fixed workloads, in the form in which it can be compared
// with other frameworks: loading is not timed; the shuffle, the gathering of batches, forward,
// backward and the optimizer are.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/commands.h"
#include "apps/options.h"
#include "apps/training.h"

namespace anneal::apps {
namespace {

struct Workload {
  const char* name;
  std::vector<nn::Index> hidden;
  int batch_size;
  const char* optimizer;
  double lr;
};
const std::vector<Workload>& workloads() {
  static const std::vector<Workload> all{{"W1", {128}, 64, "adam", 1e-3},
                                         {"W2", {512, 256}, 128, "adam", 1e-3},
                                         {"W3", {2048, 2048}, 256, "sgd", 0.05}};
  return all;
}

struct BenchArguments {
  std::string workload = "W1";
  int threads = 1;
  int epochs = 2;
  std::string data_directory;
  bool json = false;
};

int run_bench(const BenchArguments& a) {
  const auto workload = std::ranges::find(workloads(), a.workload, &Workload::name);
  const auto data = datasets::load("auto", {.directory = a.data_directory});
  TrainingOptions options{.schedule = "constant",
                          .epochs = a.epochs,
                          .batch_size = workload->batch_size,
                          .validation = 0,
                          .threads = a.threads};
  options.network.hidden = workload->hidden;
  options.optimizer.name = workload->optimizer;
  options.optimizer.lr = workload->lr;

  using Clock = std::chrono::steady_clock;
  const TrainingPlan planned = plan(options, data);
  double fastest = std::numeric_limits<double>::infinity();  // epoch: the others were disturbed
  auto begun = Clock::now();
  const TrainingEvents events{
      .step =
          [&](const StepRecord& s, std::int64_t) {
            if ((s.step + 1) % planned.steps_per_epoch != 0) return;
            fastest =
                std::min(fastest, std::chrono::duration<double>(Clock::now() - begun).count());
            begun = Clock::now();
          },
      .evaluation = {},
      .stop = {}};
  const RunResult result = train(options, planned, data, events);
  const double per_second = static_cast<double>(planned.training_examples) / fastest;
  if (a.json)
    std::cout << nlohmann::ordered_json{{"workload", a.workload},
                                        {"threads", a.threads},
                                        {"samples_per_s", std::round(per_second)},
                                        {"seconds_per_epoch", fastest},
                                        {"test_acc", result.test_accuracy},
                                        {"peak_rss_mb", result.peak_rss_mb},
                                        {"dataset", data.train.name}}
                     .dump()
              << "\n";
  else
    std::cout << fmt::format(
        "{} on {}, {} thread{}: {:.0f} samples/s, {:.3f} s an epoch, {:.2f} % test accuracy, "
        "{:.0f} "
        "MB\n",
        a.workload, data.train.name, a.threads, a.threads == 1 ? "" : "s", per_second, fastest,
        100 * result.test_accuracy, result.peak_rss_mb);
  return 0;
}

}  // namespace

Command declare_bench(CLI::App& app) {
  const auto a = std::make_shared<BenchArguments>();
  std::vector<std::string> names;
  for (const Workload& w : workloads()) names.emplace_back(w.name);
  word(app, "--workload", a->workload, names,
       "784-128-10 and 784-512-256-10 with adam, 784-2048-2048-10 with sgd");
  whole(app, "--threads", a->threads, 1, 1024, "Threads to train on");
  whole(app, "--epochs", a->epochs, 1, 1000, "The fastest one counts");
  app.add_option("--data", a->data_directory, "Folder to look for MNIST in first")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  app.add_flag("--json", a->json, "Print one JSON object");
  return [a] { return run_bench(*a); };
}

}  // namespace anneal::apps
