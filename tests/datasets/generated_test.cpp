#include <doctest/doctest.h>
#include <omp.h>

#include <set>

#include "datasets/data_loader.h"
#include "datasets/digits.h"
#include "datasets/geometry.h"
#include "datasets/points.h"
#include "datasets/sha256.h"
#include "nn/layers.h"
#include "optim/adam.h"
#include "tests/close.h"
#include "tests/sanitized.h"

using namespace anneal;
using namespace anneal::datasets;

namespace {

/// While it lives, OpenMP uses one thread: nets this small gain nothing from two, and lose much
/// when other programs want the second core.
class OneThread {
 public:
  OneThread() { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

/// Test accuracy of a net after some epochs of Adam under a rate that falls linearly to 0.
double accuracy(std::vector<nn::Index> widths, const Dataset& train, const Dataset& test,
                std::int64_t epochs) {
  nn::Random random(1, nn::Purpose::weights);
  std::vector<std::unique_ptr<nn::Module>> modules;
  widths.push_back(train.classes);
  nn::Index in = train.features();
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (i > 0) modules.push_back(std::make_unique<nn::Apply>(nn::relu));
    modules.push_back(std::make_unique<nn::Linear>(in, widths[i], random));
    in = widths[i];
  }
  nn::Sequential net(std::move(modules));
  optim::Optimizer optimizer(optim::Adam{}, net, {.lr = 2e-3});

  const Normalization normalization = standardize(train);
  DataLoader batches(train, {.batch_size = 128, .normalization = normalization});
  const std::int64_t total = epochs * batches.steps_per_epoch();
  nn::Tape tape;
  for (std::int64_t step = 0; step < total; ++step) {
    tape.begin(nn::Mode::training);
    const auto& [x, labels] = batches.at(step);
    nn::softmax_cross_entropy(net.forward(tape.constant(x)), labels).backward();
    optimizer.step(1.0 - static_cast<double>(step) / static_cast<double>(total));
  }
  tape.begin(nn::Mode::evaluation);
  const auto [x, labels] = whole(test, normalization);
  return nn::accuracy(net.forward(tape.constant(x)).value(), labels);
}

}  // namespace

TEST_CASE("direction is (cos, sin) to 1e-12 over several turns") {
  for (int i = -200; i <= 200; ++i) {
    const double angle = 0.07 * i;
    CHECK(direction(angle).x == close(std::cos(angle), 1e-12).or_within(1e-12));
    CHECK(std::abs(direction(angle).y - std::sin(angle)) < 1e-12);
  }
}

TEST_CASE("digits are pinned to the byte, whatever the number of threads") {
  const int before = omp_get_max_threads();
  for (const int threads : {1, 2, 3}) {
    omp_set_num_threads(threads);
    const Dataset d = digits(1, 500);
    d.check();
    Sha256 hash;
    hash.add(d.bytes);
    hash.add(std::vector<std::uint8_t>(d.labels.begin(), d.labels.end()));
    CHECK(hash.hex() == "95552c3714c7c8dd20b7dd54c19ff7062df0e7726a51eab3e335fe8d0264287e");
  }
  omp_set_num_threads(before);
}

TEST_CASE("image i does not depend on how many there are; seeds and streams differ") {
  const Dataset many = digits(1, 300);
  const Dataset few = digits(1, 100);
  CHECK(std::equal(few.bytes.begin(), few.bytes.end(), many.bytes.begin()));
  CHECK(digits(2, 100).bytes != few.bytes);
  CHECK(digits(1, 100, 1).bytes != few.bytes);
  CHECK(std::set(many.labels.begin(), many.labels.end()).size() == 10);
}

TEST_CASE("digits are too hard for a linear model (below 92 %) and not for an MLP (97 %)") {
  if (figures_are_skipped()) return;
  const OneThread alone;
  const Dataset train = digits(1, 20'000, 0);
  const Dataset test = digits(1, 5'000, 1);
  const double linear = accuracy({}, train, test, 8);
  const double mlp = accuracy({256}, train, test, 6);
  MESSAGE("linear ", linear, ", 784-256-10 ", mlp);
  CHECK(linear < 0.92);
  CHECK(linear > 0.5);
  CHECK(mlp >= 0.97);
}

TEST_CASE("spirals and moons: no straight line will do, a small net will") {
  if (figures_are_skipped()) return;
  const OneThread alone;
  for (const bool moon : {false, true}) {
    const Dataset train = moon ? moons(1, 3000, 0) : spirals(1, 3000, 0);
    const Dataset test = moon ? moons(1, 1000, 1) : spirals(1, 1000, 1);
    train.check();
    CHECK(train.features() == 2);
    const double linear = accuracy({}, train, test, 20);
    const double mlp = accuracy({64, 64}, train, test, 60);
    MESSAGE(train.name, ": linear ", linear, ", 2-64-64 ", mlp);
    CHECK(linear < (moon ? 0.9 : 0.6));
    CHECK(mlp > linear + 0.07);
    CHECK(mlp > 0.95);
  }
}
