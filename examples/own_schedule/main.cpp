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

  const auto everything = [](const datasets::Dataset& d) {
    return datasets::split(static_cast<std::size_t>(d.size()), 0, 1).training;
  };
  datasets::Batches batches(everything(data.train), 50, 1);
  const std::int64_t steps_per_epoch = batches.steps_per_epoch();
  const std::int64_t total = 10 * steps_per_epoch;
  for (const sched::Stage& stage : schedule.stages(total, steps_per_epoch))
    std::cout << stage.begin << "-" << stage.end << "  " << stage.text << "\n";

  for (std::int64_t step = 0; step < total; ++step) {
    tape.begin(nn::Mode::training, static_cast<std::uint64_t>(step));
    const nn::Var loss = loss_of(data.train, batches.at(step));
    tape.backward(loss);
    const double factor = schedule(anneal::sched::Clock::at(step, total, steps_per_epoch));
    optimizer.step(factor);
    if (step % 80 == 0)
      std::cout << "update " << std::setw(4) << step << "  lr " << std::fixed
                << std::setprecision(4) << 0.3 * factor << "  loss " << loss.value()[0] << "\n";
  }
  tape.begin(nn::Mode::evaluation);
  std::cout << "test loss " << loss_of(data.test, everything(data.test)).value()[0] << "\n";
}
