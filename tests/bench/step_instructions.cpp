// One training step of the workload W1 or W2, to be counted by valgrind: see step_instructions.py.
// The step is that of apps: a batch is gathered from bytes, goes through the network and the loss
// and back, and Adam updates the weights; on one thread.
#include <omp.h>

#include <iostream>
#include <numeric>
#include <string_view>

#include "datasets/batches.h"
#include "datasets/digits.h"
#include "nn/autograd/denormals.h"
#include "nn/layers.h"
#include "optim/adam.h"

namespace {

using namespace anneal;

constexpr nn::Index steps = 3;  // the last is counted

/// 784-hidden-10 with ReLU, as `anneal train --hidden` makes it.
std::unique_ptr<nn::Sequential> network(const std::vector<nn::Index>& hidden) {
  nn::Random random(1, nn::Purpose::weights);
  std::vector<std::unique_ptr<nn::Module>> modules;
  nn::Index width = 784;
  for (const nn::Index next : hidden) {
    modules.push_back(std::make_unique<nn::Linear>(width, next, random));
    modules.push_back(std::make_unique<nn::Apply>(nn::relu));
    width = next;
  }
  modules.push_back(std::make_unique<nn::Linear>(width, 10, random));
  return std::make_unique<nn::Sequential>(std::move(modules));
}

std::vector<nn::Parameter*> parameters_of(nn::Module& module) {
  std::vector<nn::Parameter*> all;
  for (const auto& [name, parameter] : module.parameters()) all.push_back(parameter);
  return all;
}

std::vector<std::uint32_t> rows_of(const datasets::Dataset& data) {
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(data.size()));
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

class Training {
 public:
  Training(const std::vector<nn::Index>& hidden, std::size_t batch)
      : data_(datasets::digits(1, steps * static_cast<nn::Index>(batch))),
        net_(network(hidden)),
        batches_(rows_of(data_), batch, 1) {}

  /// Returns the loss before the update.
  nn::Scalar step() {
    const auto rows = batches_.at(step_++);
    tape_.begin(nn::Mode::training);
    const nn::Var x = tape_.input({static_cast<nn::Index>(rows.size()), data_.features()});
    datasets::gather(data_, normalization_, rows, tape_.value_of(x), labels_);
    const nn::Var loss = nn::softmax_cross_entropy(net_->forward(x), labels_);
    tape_.backward(loss);
    optimizer_.step(1.0);
    return loss.value()[0];
  }

 private:
  datasets::Dataset data_;
  datasets::Normalization normalization_ = datasets::standardize(data_);
  std::unique_ptr<nn::Sequential> net_;
  optim::Optimizer optimizer_{optim::Adam{}, {{.parameters = parameters_of(*net_), .lr = 1e-3}}};
  datasets::Batches batches_;
  nn::Tape tape_;
  std::vector<int> labels_;
  std::int64_t step_ = 0;
};

}  // namespace

/// By its name valgrind knows when to count.
extern "C" [[gnu::noinline]] float counted_step(Training& training) {
  return training.step();
}

int main(int argc, char** argv) try {
  const std::string_view workload = argc == 2 ? argv[1] : "";
  if (workload != "W1" && workload != "W2") {
    std::cerr << "usage: step_instructions W1|W2\n";
    return 2;
  }
  omp_set_num_threads(1);
  nn::flush_denormals();
  Training training = workload == "W1" ? Training({128}, 64) : Training({512, 256}, 128);
  for (int i = 1; i < steps; ++i) training.step();  // the first of them allocates
  std::cout << workload << ": loss " << counted_step(training) << '\n';
  return 0;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
