#pragma once
#include <memory>
#include <span>
#include <vector>

#include "apps/training.h"
#include "nn/module.h"
#include "optim/optimizer.h"

namespace anneal::apps {

struct Evaluation {
  double loss = 0.0;
  double accuracy = 0.0;
};

/// The parameters of the first group, which follows the schedule of the run, and then those of the
/// others. The last pattern that matches counts. Throws std::invalid_argument for a group that is
/// left without any.
std::vector<std::vector<nn::Parameter*>> grouped(nn::Module& module,
                                                 const std::vector<LrGroup>& groups);

/// The network, its optimizer and the memory of a pass: what changes while it trains. Options, plan
/// and data must outlive it.
class Trainer {
 public:
  Trainer(const TrainingOptions& options, const TrainingPlan& plan, const datasets::Dataset& data,
          datasets::Normalization normalization);

  /// One update with the given examples at `factor` times the base rate; returns the mean loss of
  /// the batch before it. When that is not finite, the weights stay as they are.
  double update(const sched::Clock& now, std::span<const std::uint32_t> rows, double factor);
  bool weights_are_finite() const;

  static constexpr std::size_t evaluation_batch = 1000;  ///< examples
  /// Mean loss (not smoothed) and accuracy over some of a dataset's examples.
  Evaluation evaluate(const datasets::Dataset& data, std::span<const std::uint32_t> rows);

 private:
  nn::Var input(const datasets::Dataset& data, std::span<const std::uint32_t> rows);
  void follow(const sched::Clock& now);

  const TrainingOptions& options_;
  const TrainingPlan& plan_;
  const datasets::Dataset& data_;
  datasets::Normalization normalization_;
  std::unique_ptr<nn::Sequential> net_;
  std::vector<nn::Parameter*> parameters_;
  optim::Optimizer optimizer_;
  OptimizerOptions constants_;   // of the moment
  std::vector<double> factors_;  // of each group
  nn::Tape tape_;
  std::vector<int> labels_;
};

}  // namespace anneal::apps
