// Trains a small network on two interleaved half moons under a schedule of its own, in the open:
// the loop below is all that there is to training.
#include <iomanip>
#include <iostream>

#include "datasets/batches.h"
#include "datasets/library.h"
#include "nn/layers.h"
#include "optim/sgd.h"
#include "sawtooth.h"
#include "sched/parse.h"

using namespace anneal;

int main(int argc, char** argv) {
  const sched::Schedule schedule =
      sched::parse(argc > 1 ? argv[1] : "warmup@5% | sawtooth:teeth=3");
  const datasets::TrainAndTest data = datasets::load("moons");

  nn::Random random(1, nn::Purpose::weights);
  nn::Sequential net(std::make_unique<nn::Linear>(2, 32, random),
                     std::make_unique<nn::Apply>(nn::tanh),
                     std::make_unique<nn::Linear>(32, 2, random));
  std::vector<nn::Parameter*> parameters;
  for (const auto& [name, parameter] : net.parameters()) parameters.push_back(parameter);
  optim::Optimizer optimizer(optim::Sgd{.momentum = 0.9}, {{.parameters = parameters, .lr = 0.3}});

  nn::Tape tape;
  std::vector<int> labels;
  const auto loss_of = [&](const datasets::Dataset& d, std::span<const std::uint32_t> rows) {
    const nn::Var x = tape.input({static_cast<nn::Index>(rows.size()), d.features()});
    datasets::gather(d, {}, rows, tape.value_of(x), labels);
    return nn::softmax_cross_entropy(net.forward(x), labels);
  };

  const datasets::Split rows = datasets::split(static_cast<std::size_t>(data.train.size()), 400, 1);
  datasets::Batches batches(rows.training, 50, 1);
  const std::int64_t steps_per_epoch = batches.steps_per_epoch();
  const std::int64_t total = 10 * steps_per_epoch;
  for (const sched::Stage& stage : schedule.stages(total, steps_per_epoch))
    std::cout << stage.begin << "-" << stage.end << "  " << stage.text << "\n";
  const auto evaluate = [&](const datasets::Dataset& d, std::span<const std::uint32_t> which) {
    tape.begin(nn::Mode::evaluation);
    return static_cast<double>(loss_of(d, which).value()[0]);
  };

  std::vector<sched::Observation> log;  // of validation losses, if the schedule is to follow them
  for (std::int64_t step = 0; step < total; ++step) {
    tape.begin(nn::Mode::training, step);
    const nn::Var loss = loss_of(data.train, batches.at(step));  // rows by seed and step alone
    tape.backward(loss);
    optimizer.step(schedule(sched::Clock::at(step, total, steps_per_epoch, log)));
    if ((step + 1) % steps_per_epoch == 0)
      log.push_back({step + 1, evaluate(data.train, rows.validation)});
  }

  for (const auto& [step, loss] : log)
    std::cout << "after update " << std::setw(3) << step << "  validation loss " << std::fixed
              << std::setprecision(4) << loss << "\n";
  const auto tested = datasets::split(static_cast<std::size_t>(data.test.size()), 0, 1).training;
  std::cout << "test loss " << evaluate(data.test, tested) << "\n";
}
