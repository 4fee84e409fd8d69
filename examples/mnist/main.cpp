// Trains 784-128-10 on MNIST for three epochs. Expect a test accuracy of 97.2 % (97.0 to 97.3 over
// ten seeds) in a second and a half. Called as
//
//     mnist [SET [FOLDER]]
//
// with mnist, fashion-mnist, or digits, which needs no download, and the folder that holds the set,
// if it is not to be fetched into ./downloads.
#include <iostream>

#include "anneal/anneal.h"

using namespace anneal;

int main(int argc, char** argv) {
  const datasets::TrainAndTest data = datasets::load(
      argc > 1 ? argv[1] : "mnist", {.collection = argc > 2 ? argv[2] : "", .cache = "downloads"});
  datasets::DataLoader batches(data.train, {.batch_size = 64});
  const sched::Run run{.total = 3 * batches.steps_per_epoch(),
                       .steps_per_epoch = batches.steps_per_epoch()};
  const sched::Schedule schedule = sched::parse("warmup@5% | cosine");

  nn::Random random(1, nn::Purpose::weights);
  nn::Sequential net{nn::Linear(784, 128, random), nn::relu, nn::Linear(128, 10, random)};
  optim::Optimizer optimizer(optim::Adam{}, net, {.lr = 2e-3});
  nn::Tape tape;
  for (std::int64_t step = 0; step < run.total; ++step) {
    tape.begin(nn::Mode::training, step);
    const auto& [images, labels] = batches.at(step);
    const nn::Var loss = nn::softmax_cross_entropy(net.forward(tape.constant(images)), labels);
    loss.backward();
    optimizer.step(schedule(run.at(step)));
  }

  tape.begin(nn::Mode::evaluation);
  const auto [images, labels] = datasets::whole(data.test);
  const nn::Var logits = net.forward(tape.constant(images));
  std::cout << "test accuracy " << 100.0 * nn::accuracy(logits.value(), labels) << " %\n";
}
