// Trains a small network on two interleaved half moons under a schedule of its own, or another that
// is named: own_schedule "repeat(2, sawtooth) * cosine". Expect a test loss of 0.08 in a tenth of a
// second.
#include <iomanip>
#include <iostream>

#include "anneal/anneal.h"
#include "sawtooth.h"

using namespace anneal;

int main(int argc, char** argv) {
  const sched::Schedule schedule =
      sched::parse(argc > 1 ? argv[1] : "warmup@5% | sawtooth:teeth=3");
  const datasets::TrainAndTest data = datasets::load("moons");
  const auto rows = datasets::split(static_cast<std::size_t>(data.train.size()), 400, 1);
  datasets::DataLoader batches(data.train, {.batch_size = 50, .rows = rows.training});
  datasets::DataLoader validation(data.train, {.batch_size = 400, .rows = rows.validation});
  const sched::Run run{.total = 10 * batches.steps_per_epoch(),
                       .steps_per_epoch = batches.steps_per_epoch()};
  for (const sched::Stage& stage : schedule.stages(run.total, run.steps_per_epoch))
    std::cout << stage.begin << "-" << stage.end << "  " << stage.text << "\n";

  nn::Random random(1, nn::Purpose::weights);
  nn::Sequential net{nn::Linear(2, 32, random), nn::tanh, nn::Linear(32, 2, random)};
  optim::Optimizer optimizer(optim::Sgd{.momentum = 0.9}, net, {.lr = 0.3});
  nn::Tape tape;
  const auto loss_of = [&](const datasets::Batch& batch) {
    return nn::softmax_cross_entropy(net.forward(tape.constant(batch.inputs)), batch.labels);
  };
  const auto evaluate = [&](const datasets::Batch& batch) {
    tape.begin(nn::Mode::evaluation);
    return static_cast<double>(loss_of(batch).value()[0]);
  };

  std::vector<sched::Observation> log;  // of validation losses, if the schedule is to follow them
  for (std::int64_t step = 0; step < run.total; ++step) {
    tape.begin(nn::Mode::training, step);
    loss_of(batches.at(step)).backward();
    optimizer.step(schedule(run.at(step, log)));
    if ((step + 1) % run.steps_per_epoch == 0)
      log.push_back({step + 1, evaluate(validation.at(0))});
  }

  for (const auto& [step, loss] : log)
    std::cout << "after update " << std::setw(3) << step << "  validation loss " << std::fixed
              << std::setprecision(4) << loss << "\n";
  std::cout << "test loss " << evaluate(datasets::whole(data.test)) << "\n";
}
