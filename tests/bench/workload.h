#pragma once
#include <cstring>
#include <vector>

#include "datasets/batches.h"
#include "datasets/digits.h"
#include "nn/layers.h"
#include "optim/adam.h"

namespace anneal {

/// 784-hidden-10 with ReLU, as `anneal train --hidden` makes it.
inline std::unique_ptr<nn::Sequential> network(const std::vector<nn::Index>& hidden) {
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

/// `steps` steps of training on generated digits, each of them as in apps: a batch is gathered from
/// bytes, goes through the network and the loss and back, and Adam updates the weights.
class Training {
 public:
  Training(const std::vector<nn::Index>& hidden, std::size_t batch, nn::Index steps)
      : data_(datasets::digits(1, steps * static_cast<nn::Index>(batch))),
        net_(network(hidden)),
        batches_(datasets::all_rows(data_), batch, 1) {}

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

  /// Of the bits of all weights (FNV-1a, a word at a time).
  std::uint64_t hash() {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const nn::Parameter* p : optim::parameters_of(*net_))
      for (nn::Index i = 0; i < p->value.size(); ++i) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, p->value.data() + i, sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3;
      }
    return hash;
  }

 private:
  datasets::Dataset data_;
  datasets::Normalization normalization_ = datasets::standardize(data_);
  std::unique_ptr<nn::Sequential> net_;
  optim::Optimizer optimizer_{optim::Adam{}, *net_, {.lr = 1e-3}};
  datasets::Batches batches_;
  nn::Tape tape_;
  std::vector<int> labels_;
  std::int64_t step_ = 0;
};

inline Training w1(nn::Index steps) {
  return {{128}, 64, steps};
}
inline Training w2(nn::Index steps) {
  return {{512, 256}, 128, steps};
}

}  // namespace anneal
