// anneal bench: the speed of training on fixed workloads, alone or in turn with the same loop in
// PyTorch.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <nlohmann/json.hpp>

#include "apps/bench/race.h"
#include "apps/bench/roofline.h"
#include "apps/bench/workloads.h"
#include "apps/commands.h"
#include "apps/cores.h"
#include "apps/data.h"
#include "apps/interrupt.h"
#include "apps/machine.h"
#include "apps/options.h"
#include "apps/view/table.h"
#include "apps/view/text.h"
#include "datasets/library.h"
#include "nn/autograd/gemm.h"

namespace anneal::apps {
namespace {

using Json = nlohmann::ordered_json;

struct BenchArguments {
  std::vector<std::string> workloads;
  std::optional<int> threads;
  std::optional<int> processes;
  int epochs = 2;
  std::optional<int> rounds;
  std::string versus;
  std::string python;
  std::string data_directory;
  bool json = false;
};

/// To four digits: more are noise.
double rounded(double value) {
  return std::stod(fmt::format("{:.4g}", value));
}

std::string thousands(double samples_per_s) {
  return fmt::format("{:.4g}k", samples_per_s / 1000);
}

const Workload& workload_called(const std::string& name) {
  return *std::ranges::find(workloads(), name, &Workload::name);
}

/// One thread, all cores, and for the smallest net as many trainings as there are cores at once, as
/// in a comparison.
std::vector<Arrangement> arrangements(const BenchArguments& a) {
  std::vector<Arrangement> all;
  for (const Workload& workload : workloads()) {
    if (!a.workloads.empty() && std::ranges::find(a.workloads, workload.name) == a.workloads.end())
      continue;
    if (a.threads || a.processes) {
      all.push_back({&workload, a.threads.value_or(1), a.processes.value_or(1)});
      continue;
    }
    all.push_back({&workload, 1, 1});
    if (cores() > 1) all.push_back({&workload, cores(), 1});
    if (cores() > 1 && workload.name == "W1") all.push_back({&workload, 1, cores()});
  }
  return all;
}

Json json_of(const Runs& s) {
  const auto all = [](const std::vector<double>& values) {
    Json list = Json::array();
    for (const double v : values) list.push_back(rounded(v));
    return list;
  };
  const Speed& first = s.ours.front();
  Json json{{"workload", s.arrangement.workload->name},
            {"threads", s.arrangement.threads},
            {"processes", s.arrangement.processes},
            {"samples_per_s", rounded(median(samples_per_s(s.ours)))},
            {"seconds_per_epoch", rounded(s.seconds())},
            {"test_acc", first.test_accuracy},
            {"peak_rss_mb", rounded(first.peak_rss_mb)},
            {"first_update_s", rounded(first.first_update_s)},
            {"products_at_peak_s", rounded(s.roofline.products_s)},
            {"optimizer_at_triad_s", rounded(s.roofline.optimizer_s)},
            {"exchange_ns", all(s.exchange_ns)},
            {"runs", all(samples_per_s(s.ours))}};
  if (!s.theirs.empty()) {
    json["torch_runs"] = all(samples_per_s(s.theirs));
    json["torch_peak_rss_mb"] = rounded(s.theirs.front().peak_rss_mb);
    json["ratios"] = all(s.ratios());
    json["ratio"] = rounded(median(s.ratios()));
  }
  return json;
}

std::string table_of(const std::vector<Runs>& all, bool versus) {
  std::vector<Row> rows{
      {"workload", "samples/s", "s an epoch", "roofline, s", "share", "first update, s", "MB"}};
  if (versus) rows[0].insert(rows[0].end(), {"PyTorch", "times as fast", "of its MB"});
  for (const Runs& s : all) {
    const double roofline = s.roofline.products_s + s.roofline.optimizer_s;
    const double megabytes = s.ours.front().peak_rss_mb;
    rows.push_back({text_of(s.arrangement), thousands(median(samples_per_s(s.ours))),
                    fmt::format("{:.3g}", s.seconds()), fmt::format("{:.3g}", roofline),
                    fmt::format("{:.0f} %", 100 * roofline / s.seconds()),
                    fmt::format("{:.2f}", s.ours.front().first_update_s),
                    fmt::format("{:.0f}", megabytes)});
    if (!versus) continue;
    const std::vector<double> ratios = s.ratios();
    std::string times = fmt::format("{:.2f}", median(ratios));
    if (ratios.size() > 1)
      times +=
          fmt::format(" ({:.2f} to {:.2f})", std::ranges::min(ratios), std::ranges::max(ratios));
    rows.back().insert(rows.back().end(),
                       {thousands(median(samples_per_s(s.theirs))), times,
                        fmt::format("{:.0f} %", 100 * megabytes / s.theirs.front().peak_rss_mb)});
  }
  return table(rows);
}

/// How far apart the cores were: what two threads are good for depends on it.
std::string distance_of_cores(const std::vector<Runs>& all) {
  std::vector<double> ns;
  for (const Runs& s : all) ns.insert(ns.end(), s.exchange_ns.begin(), s.exchange_ns.end());
  if (ns.empty()) return "";
  return fmt::format("A line of memory went from core to core and back in {:.0f} to {:.0f} ns.\n",
                     std::ranges::min(ns), std::ranges::max(ns));
}

/// On stderr: where stdout is to be JSON alone, too.
datasets::TrainAndTest load(const BenchArguments& a, int threads) {
  auto data = load_data("auto", a.data_directory);
  std::cerr << printable_lines(data.train.origin) << "\n";
  if (threads > cores())
    std::cerr << fmt::format("{} threads on {} core{}: more than can run at the same time\n",
                             threads, cores(), cores() == 1 ? "" : "s");
  return data;
}

int run_alone(const BenchArguments& a) {
  const auto data = load(a, *a.threads);
  const Speed s = measure(workload_called(a.workloads.front()), data, *a.threads, a.epochs);
  if (a.json)
    std::cout << Json{{"workload", s.workload},
                      {"threads", s.threads},
                      {"samples_per_s", rounded(s.samples_per_s)},
                      {"seconds_per_epoch", rounded(s.seconds_per_epoch)},
                      {"test_acc", s.test_accuracy},
                      {"peak_rss_mb", rounded(s.peak_rss_mb)},
                      {"first_update_s", rounded(s.first_update_s)},
                      {"dataset", data.train.name},
                      {"products", nn::product_library()}}
                     .dump()
              << "\n";
  else
    std::cout << fmt::format(
        "{} on {}, {} thread{}, products by {}: {:.0f} samples/s, {:.3f} s an epoch, {:.2f} % test "
        "accuracy, {:.0f} MB, first update after {:.2f} s\n",
        s.workload, data.train.name, s.threads, s.threads == 1 ? "" : "s", nn::product_library(),
        s.samples_per_s, s.seconds_per_epoch, 100 * s.test_accuracy, s.peak_rss_mb,
        s.first_update_s);
  return 0;
}

int run_in_turn(const BenchArguments& a) {
  const std::vector<Arrangement> runs = arrangements(a);
  int threads = 1;
  for (const Arrangement& r : runs) threads = std::max(threads, r.threads * r.processes);
  const auto data = load(a, threads);
  std::optional<Torch> torch;
  if (!a.versus.empty()) torch = find_torch(a.python);
  const CatchInterrupt catching;
  const std::vector<Runs> all = race(runs, data, a.data_directory, a.epochs, a.rounds.value_or(5),
                                     torch, CatchInterrupt::caught);
  if (all.empty()) return CatchInterrupt::exit_code();

  const double triad = triad_bytes_per_s(20'000'000, 1);
  Json json{{"dataset", data.train.name},
            {"machine", processor_name()},
            {"cores", cores()},
            {"anneal", ANNEAL_VERSION},
            {"compiler", ANNEAL_COMPILER},
            {"products", nn::product_library()},
            {"torch", torch ? Json(torch->version) : Json()},
            {"python", torch ? Json(torch->python) : Json()},
            {"peak_flops_of_one_core", rounded(peak_flops())},
            {"triad_bytes_per_s_of_one_core", rounded(triad)},
            {"results", Json::array()}};
  for (const Runs& series : all) json["results"].push_back(json_of(series));
  if (!a.json) {
    const std::size_t rounds = all.front().ours.size();
    std::cout << fmt::format("{}, {} core{}, {}, products by {}{}\n{} round{}\n\n",
                             processor_name(), cores(), cores() == 1 ? "" : "s", ANNEAL_COMPILER,
                             nn::product_library(),
                             torch ? ", in turn with PyTorch " + torch->version : "", rounds,
                             rounds == 1 ? "" : "s: medians (lowest to highest)")
              << table_of(all, torch.has_value())
              << fmt::format(
                     "\nRoofline: all multiply-adds at the peak of {:.0f} GFLOP/s a core, and the "
                     "optimizer's bytes at a triad's\nspeed ({:.0f} GB/s from memory, one thread). "
                     "More than 100 %: the background of images is left out.\n",
                     peak_flops() / 1e9, triad / 1e9)
              << distance_of_cores(all) << "\n";
  }
  std::cout << json.dump() << "\n";
  return CatchInterrupt::caught() ? CatchInterrupt::exit_code() : 0;
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
      ->delimiter(',')
      ->type_name("NAME");
  whole(app, "--threads", a->threads, 1, 1024,
        "Threads of each process, at most: a piece of work takes one if that is faster");
  whole(app, "--processes", a->processes, 1, 1024,
        "Trainings at the same time, each in a process of its own");
  whole(app, "--epochs", a->epochs, 1, 1000, "The fastest one counts");
  whole(app, "--rounds", a->rounds, 1, 1000,
        "Runs of each, in turn, each in a process of its own [5; without it, one workload on given "
        "--threads is run once, in this process]");
  word(app, "--vs", a->versus, {"torch"},
       "Run the same loop in PyTorch in turn, and say how many times as fast this is");
  app.add_option("--python", a->python, "Where torch is [python3, or else /usr/bin/python3]")
      ->type_name("PROGRAM");
  app.add_option("--data", a->data_directory, "Folder that holds MNIST, or other images of bytes")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  app.add_flag("--json", a->json, "Print JSON alone");
  app.footer(
      "./dev bench operations and ./dev bench schedules measure the parts of a training step.");
  return [a] {
    const bool alone =
        a->workloads.size() == 1 && a->threads && !a->processes && !a->rounds && a->versus.empty();
    return alone ? run_alone(*a) : run_in_turn(*a);
  };
}

}  // namespace anneal::apps
