// Trains on two interleaved half moons with an optimizer of its own, Lion, under any schedule: the
// two know nothing of each other. Expect a test loss of 0.08.
#include <iostream>

#include "anneal/anneal.h"
#include "lion.h"

using namespace anneal;

int main() {
  const datasets::TrainAndTest data = datasets::load("moons");
  datasets::DataLoader batches(data.train, {.batch_size = 50});
  const sched::Run run{.total = 10 * batches.steps_per_epoch(),
                       .steps_per_epoch = batches.steps_per_epoch()};
  const sched::Schedule schedule = sched::parse("warmup@5% | cosine");

  nn::Random random(1, nn::Purpose::weights);
  nn::Sequential net{nn::Linear(2, 32, random), nn::tanh, nn::Linear(32, 2, random)};
  optim::Optimizer optimizer(Lion{.beta1 = 0.95}, net, {.lr = 0.01, .weight_decay = 0.01});
  nn::Tape tape;
  const auto loss_of = [&](const datasets::Batch& batch) {
    return nn::softmax_cross_entropy(net.forward(tape.constant(batch.inputs)), batch.labels);
  };
  for (std::int64_t step = 0; step < run.total; ++step) {
    tape.begin(nn::Mode::training, step);
    loss_of(batches.at(step)).backward();
    optimizer.step(schedule(run.at(step)));
  }

  tape.begin(nn::Mode::evaluation);
  std::cout << "test loss " << loss_of(datasets::whole(data.test)).value()[0] << "\n";
}
