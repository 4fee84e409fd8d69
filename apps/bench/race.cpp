#include "apps/bench/race.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "apps/bench/exchange.h"
#include "apps/bench/roofline.h"

namespace anneal::apps {
namespace {

/// Of an epoch: 60,000 training examples, or the test set.
double examples(const Arrangement& a) {
  return (a.workload->evaluates ? 10'000.0 : 60'000.0) * a.processes;
}

Roofline roofline_of(const Arrangement& a, nn::Index features, nn::Index classes) {
  const Workload& w = *a.workload;
  const int cores = a.threads * a.processes;
  Roofline roofline;
  // Of one core, times the cores: two new threads may share a core for a second.
  roofline.products_s = 2.0 * static_cast<double>(multiply_adds(w, features, classes)) *
                        examples(a) / (peak_flops() * cores);
  if (w.evaluates) return roofline;
  // Adam reads w, g, m and v and writes w, m and v; momentum reads w, g and v and writes w and v.
  const std::int64_t size = parameters(w, features, classes);
  const double bytes = (w.optimizer == "adam" ? 28.0 : 20.0) * static_cast<double>(size);
  roofline.optimizer_s =
      bytes * examples(a) / w.batch_size / triad_bytes_per_s(size * a.processes, cores);
  return roofline;
}

/// PyTorch may be faster with one thread than with several.
Speed best_of_torch(const Arrangement& a, int epochs, const Torch& torch, const BytesOnDisk& data) {
  Speed speed = run_torch(a, epochs, torch.python, data.folder());
  if (a.threads == 1) return speed;
  Speed alone = run_torch({a.workload, 1, 1}, epochs, torch.python, data.folder());
  return alone.samples_per_s > speed.samples_per_s ? alone : speed;
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> samples_per_s(const std::vector<Speed>& speeds) {
  std::vector<double> all;
  all.reserve(speeds.size());
  for (const Speed& speed : speeds) all.push_back(speed.samples_per_s);
  return all;
}

std::vector<double> Runs::ratios() const {
  std::vector<double> all;
  for (std::size_t i = 0; i < theirs.size(); ++i)
    all.push_back(ours[i].samples_per_s / theirs[i].samples_per_s);
  return all;
}

double Runs::seconds() const {
  return examples(arrangement) / median(samples_per_s(ours));
}

std::vector<Runs> race(const std::vector<Arrangement>& arrangements,
                       const datasets::TrainAndTest& data, const std::string& data_directory,
                       int epochs, int rounds, const std::optional<Torch>& torch,
                       const std::function<bool()>& stop) {
  std::optional<BytesOnDisk> bytes;
  if (torch) bytes.emplace(data);
  std::vector<Runs> all;
  all.reserve(arrangements.size());
  for (const Arrangement& a : arrangements)
    all.push_back({a, roofline_of(a, data.train.features(), data.train.classes)});
  for (int round = 0; round < rounds; ++round)
    for (Runs& runs : all) {
      const Arrangement& a = runs.arrangement;
      std::cerr << fmt::format("{}:", text_of(a)) << std::flush;
      try {
        if (const auto s = exchange_seconds()) runs.exchange_ns.push_back(1e9 * *s);
        const Speed ours = run_anneal(a, epochs, data_directory);
        std::cerr << fmt::format(" {:.0f} samples/s", ours.samples_per_s) << std::flush;
        if (torch) {
          runs.theirs.push_back(best_of_torch(a, epochs, *torch, *bytes));
          const double theirs = runs.theirs.back().samples_per_s;
          std::cerr << fmt::format(", PyTorch {:.0f}: {:.2f} times", theirs,
                                   ours.samples_per_s / theirs);
        }
        runs.ours.push_back(ours);
      } catch (const std::runtime_error&) {
        std::cerr << "\n";
        if (!stop()) throw;  // else Ctrl-C reached those that were running, too
      }
      if (stop()) {
        std::erase_if(all, [](const Runs& s) { return s.ours.empty(); });
        return all;
      }
      std::cerr << "\n";
    }
  return all;
}

}  // namespace anneal::apps
