// What the parts of a training step cost at the shapes of the workloads W1 to W4 (784-128-10 in
// batches of 64, 784-512-256-10 of 128, 784-2048-2048-10 of 256, and evaluation in batches of
// 1000), on one thread: matrix products, activations, the loss, optimizers, and the way of a batch
// from bytes to numbers. Products are given in FLOP/s, counting also the terms that are left out
// because a pixel is background; optimizers in bytes/s.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "datasets/batches.h"
#include "datasets/library.h"
#include "nn/autograd/gemm.h"
#include "nn/autograd/ops.h"
#include "optim/adam.h"
#include "optim/sgd.h"

namespace {

using namespace anneal;
using nn::Index;
using nn::Tensor;

Tensor random_tensor(const nn::Shape& shape) {
  Tensor t(shape);
  nn::Random random(1, nn::Purpose::weights, 0);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<nn::Scalar>(random.uniform()) - 0.5F;
  return t;
}

const datasets::TrainAndTest& images() {
  static const datasets::TrainAndTest data = [] {
    const char* folder = std::getenv("ANNEAL_DATA_DIR");
    return datasets::load("auto", {.collection = folder == nullptr ? "" : folder});
  }();
  return data;
}

/// The first `rows` examples of the training set as a network sees them.
Tensor batch(Index rows) {
  const datasets::Dataset& train = images().train;
  std::vector<std::uint32_t> first(static_cast<std::size_t>(rows));
  std::iota(first.begin(), first.end(), 0U);
  Tensor x({rows, train.features()});
  std::vector<int> labels;
  datasets::gather(train, datasets::standardize(train), first, x, labels);
  return x;
}

/// c = a b for the product that a layer's forward and backward passes ask for.
enum class Product { forward, weights, input };
void product(benchmark::State& state, Product kind, Index n, Index in, Index out, bool pixels) {
  const Tensor x = pixels ? batch(n) : random_tensor({n, in});
  const Tensor w = random_tensor({in, out});
  const Tensor dy = random_tensor({n, out});
  Tensor c({std::max(n, in), std::max(in, out)});
  for (auto _ : state) {
    if (kind == Product::forward) nn::multiply(view(x), view(w), c.data(), true);
    if (kind == Product::weights) nn::multiply(transposed(view(x)), view(dy), c.data(), true);
    if (kind == Product::input) nn::multiply(view(dy), transposed(view(w)), c.data(), true);
    benchmark::ClobberMemory();
  }
  state.counters["FLOP/s"] = benchmark::Counter(2.0 * static_cast<double>(n * in * out),
                                                benchmark::Counter::kIsIterationInvariantRate);
}

template <class Rule>
void optimizer(benchmark::State& state, const Rule& rule, Index size, double arrays) {
  nn::Parameter p;
  p.value = random_tensor({size});
  p.grad = random_tensor({size});
  optim::Optimizer step(rule, {{{&p}, 1e-3}});
  for (auto _ : state) {
    p.has_grad = true;
    step.step(1.0);
  }
  state.counters["bytes/s"] =
      benchmark::Counter(arrays * sizeof(nn::Scalar) * static_cast<double>(size),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void triad(benchmark::State& state, Index size) {
  Tensor a = random_tensor({size});
  const Tensor b = random_tensor({size});
  for (auto _ : state) {
    a.array() += 3.0F * b.array();  // in place, as optimizers do
    benchmark::ClobberMemory();
  }
  state.counters["bytes/s"] =
      benchmark::Counter(3.0 * sizeof(nn::Scalar) * static_cast<double>(size),
                         benchmark::Counter::kIsIterationInvariantRate);
}

void gather(benchmark::State& state, Index rows) {
  const datasets::Dataset& train = images().train;
  const datasets::Normalization normalization = datasets::standardize(train);
  std::vector<std::uint32_t> all(static_cast<std::size_t>(train.size()));
  std::iota(all.begin(), all.end(), 0U);
  datasets::Batches batches(all, static_cast<std::size_t>(rows), 1);
  Tensor x({rows, train.features()});
  std::vector<int> labels;
  std::int64_t step = 0;
  for (auto _ : state) {
    datasets::gather(train, normalization, batches.at(step), x, labels);
    step = (step + 1) % (train.size() / rows);
  }
}

void loss(benchmark::State& state, Index rows) {
  nn::Parameter z;
  z.value = random_tensor({rows, 10});
  std::vector<int> labels(static_cast<std::size_t>(rows), 3);
  nn::Tape tape;
  for (auto _ : state) {
    tape.begin(nn::Mode::training);
    tape.backward(nn::softmax_cross_entropy(tape.watch(z), labels));
    z.has_grad = false;
  }
}

void products(const std::string& workload, Index n, Index in, Index out, bool pixels) {
  const std::string shape =
      std::to_string(n) + "x" + std::to_string(in) + "x" + std::to_string(out);
  const auto add = [&](const std::string& name, Product kind, bool images) {
    benchmark::RegisterBenchmark(
        (workload + " " + name + " " + shape).c_str(),
        [=](benchmark::State& state) { product(state, kind, n, in, out, images); });
  };
  add("forward", Product::forward, false);
  if (pixels) add("forward, pixels", Product::forward, true);
  if (workload == "W4") return;
  add("weights", Product::weights, false);
  if (pixels) add("weights, pixels", Product::weights, true);
  if (!pixels) add("input", Product::input, false);
}

template <class Run>
void add(const std::string& name, const Run& run) {
  benchmark::RegisterBenchmark(name.c_str(), run);
}

}  // namespace

int main(int argc, char** argv) {
  omp_set_num_threads(1);
  products("W1", 64, 784, 128, true);
  products("W1", 64, 128, 10, false);
  products("W2", 128, 784, 512, true);
  products("W2", 128, 512, 256, false);
  products("W2", 128, 256, 10, false);
  products("W3", 256, 784, 2048, true);
  products("W3", 256, 2048, 2048, false);
  products("W4", 1000, 784, 512, true);
  products("W4", 1000, 512, 256, false);
  for (const Index size : {Index{100'000}, Index{535'000}, Index{5'800'000}}) {
    const std::string of = " of " + std::to_string(size);
    add("triad" + of, [=](benchmark::State& state) { triad(state, size); });
    add("adam" + of, [=](benchmark::State& state) { optimizer(state, optim::Adam{}, size, 7); });
    add("sgd with momentum" + of,
        [=](benchmark::State& state) { optimizer(state, optim::Sgd{.momentum = 0.9}, size, 5); });
  }
  for (const Index rows : {Index{64}, Index{128}, Index{256}}) {
    const std::string of = " of " + std::to_string(rows);
    add("gather" + of, [=](benchmark::State& state) { gather(state, rows); });
    add("softmax_cross_entropy and backward" + of,
        [=](benchmark::State& state) { loss(state, rows); });
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
