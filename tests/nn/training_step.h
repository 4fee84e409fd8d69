#pragma once
#include <vector>

#include "nn/layers.h"
#include "optim/adam.h"

namespace anneal::nn {

/// A network with one layer of every kind, its optimizer, and steps on random batches: for tests of
/// what holds for a whole training step.
class TrainingStep {
 public:
  explicit TrainingStep(Index batch_size)
      : x_(Shape{batch_size, 50}), labels_(static_cast<std::size_t>(batch_size)) {
    Random random(2, Purpose::samples);
    for (Index i = 0; i < x_.size(); ++i) x_[i] = static_cast<Scalar>(random.normal());
    for (int& label : labels_) label = static_cast<int>(random.below(7));
  }

  /// One update on the first `rows` examples; returns the loss before it.
  Scalar run(Index rows) {
    tape_.begin(Mode::training, step_++);
    const Var x = tape_.input({rows, 50});
    std::copy_n(x_.data(), rows * 50, tape_.value_of(x).data());
    const auto labels = std::span(labels_).first(static_cast<std::size_t>(rows));
    const Var loss = softmax_cross_entropy(net_.forward(x), labels, Scalar(0.1));
    tape_.backward(loss);
    optimizer_.step(1.0);
    return loss.value()[0];
  }

  std::vector<Scalar> weights() {
    std::vector<Scalar> all;
    for (const auto& [name, p] : net_.parameters())
      all.insert(all.end(), p->value.data(), p->value.data() + p->value.size());
    return all;
  }

 private:
  Random random_{1, Purpose::weights};
  Sequential net_{Linear(50, 300, random_),
                  BatchNorm1d(300),
                  relu,
                  Dropout(0.2),
                  Linear(300, 100, random_, Activation::tanh),
                  LayerNorm(100),
                  gelu,
                  Linear(100, 7, random_)};
  optim::Optimizer optimizer_{optim::Adam{}, net_, {.lr = 1e-3}};
  Tape tape_{5};
  Tensor x_;
  std::vector<int> labels_;
  std::uint64_t step_ = 0;
};

}  // namespace anneal::nn
