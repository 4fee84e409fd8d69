// Nanoseconds for a schedule's factor at one update, as the loop of a run asks for it: every
// schedule of the registry at its defaults, compositions, and plateau in a run of a million updates
// with ten thousand evaluations.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "sched/memory.h"
#include "sched/parse.h"
#include "sched/registry.h"

namespace {

using namespace anneal::sched;

constexpr Step total = 1'000'000;

std::vector<Observation> losses(Step evaluations) {
  std::vector<Observation> log;
  for (Step i = 1; i <= evaluations; ++i)
    log.push_back({i * total / evaluations, 1.0 / static_cast<double>(i)});
  return log;
}

void one_update(benchmark::State& state, const std::string& text, Step evaluations) {
  const Schedule s = parse(text);
  const std::vector<Observation> log = losses(evaluations);
  Memory memory;
  Step step = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(s(Clock::at(step, total, 1000, log, &memory)));
    if (++step == total) step = 0;
  }
}

void whole_run(benchmark::State& state, const std::string& text, bool remember) {
  const Schedule s = parse(text);
  const std::vector<Observation> log = losses(10'000);
  for (auto _ : state) {
    Memory memory;
    for (Step step = 0; step < total; ++step)
      benchmark::DoNotOptimize(s(Clock::at(step, total, 1000, log, remember ? &memory : nullptr)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const Entry& entry : registry())
    benchmark::RegisterBenchmark(entry.name.c_str(), [&entry](benchmark::State& state) {
      one_update(state, entry.name, 0);
    });
  for (const std::string text :
       {"warmup@5% | cosine", "warmup@5% | constant@75% | cosine",
        "warmup@1000 | cosine * (0.1 + 0.9 * linear)", "cycles(10%, growth=1.5, cosine)",
        "torch.SequentialLR([torch.LinearLR(total_iters=1000), "
        "torch.CosineAnnealingLR(T_max=9e5)], "
        "milestones=[1000])"})
    benchmark::RegisterBenchmark(text.c_str(),
                                 [text](benchmark::State& state) { one_update(state, text, 0); });
  benchmark::RegisterBenchmark("plateau, 10^6 updates and 10^4 evaluations",
                               [](benchmark::State& state) { whole_run(state, "plateau", true); })
      ->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark(
      "warmup@5% | plateau, 10^6 updates and 10^4 evaluations",
      [](benchmark::State& state) { whole_run(state, "warmup@5% | plateau", true); })
      ->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
