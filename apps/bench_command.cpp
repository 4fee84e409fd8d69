// anneal bench: the speed of training on fixed workloads, alone or in turn with the same loop in
// PyTorch.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/bench/contenders.h"
#include "apps/bench/roofline.h"
#include "apps/bench/workloads.h"
#include "apps/commands.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/view/table.h"
#include "datasets/library.h"

namespace anneal::apps {
namespace {

using Json = nlohmann::ordered_json;

struct BenchArguments {
  std::vector<std::string> workloads;
  std::optional<int> threads;
  std::optional<int> processes;
  int epochs = 2;
  int rounds = 5;
  std::string versus;
  std::string data_directory;
  bool json = false;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::string spread(std::vector<double> values, const char* format) {
  const auto one = [&](double v) { return fmt::format(fmt::runtime(format), v); };
  if (values.size() == 1) return one(values.front());
  return fmt::format("{} ({} to {})", one(median(values)), one(std::ranges::min(values)),
                     one(std::ranges::max(values)));
}

/// Of one arrangement, over the rounds.
struct Series {
  Arrangement arrangement;
  std::vector<double> ours = {};
  std::vector<double> theirs = {};  ///< the best of one thread and of several, in each round
  std::vector<double> ratios = {};
  double our_mb = 0;
  double their_mb = 0;
  double first_update_s = 0;
  double least_products_s = 0;   ///< of an epoch: multiply-adds at the measured peak
  double least_optimizer_s = 0;  ///< and the optimizer's bytes at the measured triad
};

const Workload& workload_called(const std::string& name) {
  return *std::ranges::find(workloads(), name, &Workload::name);
}

/// One thread, all cores, and for the smallest net as many trainings as there are cores at once, as
/// in a comparison.
std::vector<Arrangement> arrangements(const BenchArguments& a) {
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  std::vector<Arrangement> all;
  for (const Workload& workload : workloads()) {
    if (!a.workloads.empty() && std::ranges::find(a.workloads, workload.name) == a.workloads.end())
      continue;
    if (a.threads || a.processes) {
      all.push_back({&workload, a.threads.value_or(1), a.processes.value_or(1)});
      continue;
    }
    all.push_back({&workload, 1, 1});
    if (cores > 1) all.push_back({&workload, cores, 1});
    if (cores > 1 && workload.name == "W1") all.push_back({&workload, 1, cores});
  }
  return all;
}

void add_roofline(Series& series, nn::Index features, nn::Index classes) {
  const Workload& w = *series.arrangement.workload;
  const int cores = series.arrangement.threads * series.arrangement.processes;
  const double examples = (w.evaluates ? 10'000.0 : 60'000.0) * series.arrangement.processes;
  // Of one core, times the cores: two new threads may share a core for a second.
  const double peak = peak_flops() * cores;
  series.least_products_s =
      2.0 * static_cast<double>(multiply_adds(w, features, classes)) * examples / peak;
  if (w.evaluates) return;
  // Adam reads w, g, m and v and writes w, m and v; momentum reads w, g and v and writes w and v.
  const double bytes =
      (w.optimizer == "adam" ? 28.0 : 20.0) * static_cast<double>(parameters(w, features, classes));
  series.least_optimizer_s =
      bytes * examples / w.batch_size / triad_bytes_per_s(parameters(w, features, classes), cores);
}

void run_round(Series& series, const BenchArguments& a, const std::optional<Torch>& torch,
               const BytesOnDisk* bytes) {
  const Arrangement& arrangement = series.arrangement;
  const Speed ours = run_anneal(arrangement, a.epochs, a.data_directory);
  series.ours.push_back(ours.samples_per_s);
  series.our_mb = std::max(series.our_mb, ours.peak_rss_mb);
  series.first_update_s = ours.first_update_s;
  std::cerr << fmt::format("{} {}x{}: {:.0f} samples/s", arrangement.workload->name,
                           arrangement.processes, arrangement.threads, ours.samples_per_s);
  if (torch) {
    Speed theirs = run_torch(arrangement, a.epochs, torch->python, bytes->folder());
    if (arrangement.threads > 1) {  // it may be faster with one
      const Speed alone =
          run_torch({arrangement.workload, 1, 1}, a.epochs, torch->python, bytes->folder());
      if (alone.samples_per_s > theirs.samples_per_s) theirs = alone;
    }
    series.theirs.push_back(theirs.samples_per_s);
    series.their_mb = std::max(series.their_mb, theirs.peak_rss_mb);
    series.ratios.push_back(ours.samples_per_s / theirs.samples_per_s);
    std::cerr << fmt::format(", PyTorch {:.0f}: {:.2f} times", theirs.samples_per_s,
                             series.ratios.back());
  }
  std::cerr << "\n";
}

Json json_of(const Series& s) {
  Json json{{"workload", s.arrangement.workload->name},
            {"threads", s.arrangement.threads},
            {"processes", s.arrangement.processes},
            {"samples_per_s", std::round(median(s.ours))},
            {"runs", s.ours},
            {"peak_rss_mb", s.our_mb},
            {"first_update_s", s.first_update_s},
            {"least_products_s", s.least_products_s},
            {"least_optimizer_s", s.least_optimizer_s}};
  if (!s.ratios.empty()) {
    json["torch_runs"] = s.theirs;
    json["torch_peak_rss_mb"] = s.their_mb;
    json["ratios"] = s.ratios;
    json["ratio"] = median(s.ratios);
  }
  return json;
}

std::string text_of(const std::vector<Series>& all) {
  const bool versus = !all.front().ratios.empty();
  std::vector<Row> rows{{"workload", "processes x threads", "thousand samples/s", "s an epoch",
                         "of that at least", "MB"}};
  if (versus) {
    rows[0].insert(rows[0].end(), {"PyTorch, thousand/s", "times as fast", "of its MB"});
  }
  for (const Series& s : all) {
    std::vector<double> ours = s.ours;
    std::vector<double> theirs = s.theirs;
    for (double& v : ours) v /= 1000;
    for (double& v : theirs) v /= 1000;
    const double examples =
        (s.arrangement.workload->evaluates ? 10'000.0 : 60'000.0) * s.arrangement.processes;
    rows.push_back({std::string(s.arrangement.workload->name),
                    fmt::format("{} x {}", s.arrangement.processes, s.arrangement.threads),
                    spread(ours, "{:.4g}"), fmt::format("{:.3g}", examples / median(s.ours)),
                    fmt::format("{:.3g} + {:.2g}", s.least_products_s, s.least_optimizer_s),
                    fmt::format("{:.0f}", s.our_mb)});
    if (versus)
      rows.back().insert(rows.back().end(), {spread(theirs, "{:.4g}"), spread(s.ratios, "{:.2f}"),
                                             fmt::format("{:.0f} %", 100 * s.our_mb / s.their_mb)});
  }
  return table(rows);
}

int run_alone(const BenchArguments& a) {
  const auto data = datasets::load("auto", {.directory = a.data_directory});
  const Speed s =
      measure(workload_called(a.workloads.front()), data, a.threads.value_or(1), a.epochs);
  if (a.json)
    std::cout << Json{{"workload", s.workload},
                      {"threads", s.threads},
                      {"samples_per_s", std::round(s.samples_per_s)},
                      {"seconds_per_epoch", s.seconds_per_epoch},
                      {"test_acc", s.test_accuracy},
                      {"peak_rss_mb", s.peak_rss_mb},
                      {"first_update_s", s.first_update_s},
                      {"dataset", data.train.name}}
                     .dump()
              << "\n";
  else
    std::cout << fmt::format(
        "{} on {}, {} thread{}: {:.0f} samples/s, {:.3f} s an epoch, {:.2f} % test accuracy, "
        "{:.0f} MB, first update after {:.2f} s\n",
        s.workload, data.train.name, s.threads, s.threads == 1 ? "" : "s", s.samples_per_s,
        s.seconds_per_epoch, 100 * s.test_accuracy, s.peak_rss_mb, s.first_update_s);
  return 0;
}

int run_in_turn(const BenchArguments& a) {
  const auto data = datasets::load("auto", {.directory = a.data_directory});
  const std::optional<Torch> torch = a.versus.empty() ? std::nullopt : find_torch();
  if (!a.versus.empty() && !torch)
    fail(Fault::world,
         "--vs torch: no python3 here has torch (Debian: apt install python3-torch "
         "libopenblas0-openmp)");
  std::optional<BytesOnDisk> bytes;
  if (torch) bytes.emplace(data);
  std::vector<Series> all;
  for (const Arrangement& arrangement : arrangements(a)) {
    all.push_back({.arrangement = arrangement});
    add_roofline(all.back(), data.train.features(), data.train.classes);
  }
  for (int round = 0; round < a.rounds; ++round)
    for (Series& series : all) run_round(series, a, torch, bytes ? &*bytes : nullptr);

  Json json{{"dataset", data.train.name},
            {"compiler", ANNEAL_COMPILER},
            {"torch", torch ? Json(torch->version) : Json()},
            {"rounds", a.rounds},
            {"peak_flops_of_one_core", peak_flops()},
            {"results", Json::array()}};
  for (const Series& series : all) json["results"].push_back(json_of(series));
  if (!a.json)
    std::cout << fmt::format("{}, {} round{}{}\n\n", data.train.name, a.rounds,
                             a.rounds == 1 ? "" : "s: medians (lowest to highest)",
                             torch ? ", in turn with PyTorch " + torch->version : "")
              << text_of(all) << "\n";
  std::cout << json.dump() << "\n";
  return 0;
}

}  // namespace

Command declare_bench(CLI::App& app) {
  const auto a = std::make_shared<BenchArguments>();
  std::vector<std::string> names;
  for (const Workload& w : workloads()) names.emplace_back(w.name);
  app.add_option("--workload", a->workloads,
                 "W1: 784-128-10, batch 64, adam. W2: 784-512-256-10, batch 128, adam. W3: "
                 "784-2048-2048-10, batch 256, sgd. W4: evaluation of W2's net. Default: all, "
                 "on one thread and on all cores")
      ->check(CLI::IsMember(names))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("NAME");
  whole(app, "--threads", a->threads, 1, 1024, "Threads of each process");
  whole(app, "--processes", a->processes, 1, 1024,
        "Trainings at the same time, each in a process of its own");
  whole(app, "--epochs", a->epochs, 1, 1000, "The fastest one counts");
  whole(app, "--rounds", a->rounds, 1, 1000, "Runs of each, in turn");
  word(app, "--vs", a->versus, {"torch"},
       "Run the same loop in PyTorch in turn, and say how many times as fast this is");
  app.add_option("--data", a->data_directory, "Folder to look for MNIST in first")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  app.add_flag("--json", a->json, "Print JSON alone");
  return [a] {
    const bool alone = a->workloads.size() == 1 && a->threads && !a->processes && a->versus.empty();
    return alone ? run_alone(*a) : run_in_turn(*a);
  };
}

}  // namespace anneal::apps
