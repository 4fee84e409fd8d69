#include "apps/trainer.h"

#include <algorithm>
#include <cmath>

#include "apps/fail.h"
#include "nn/layers.h"
#include "optim/clip.h"

namespace anneal::apps {

std::vector<std::vector<nn::Parameter*>> grouped(nn::Module& module,
                                                 const std::vector<LrGroup>& groups) {
  std::vector<std::vector<nn::Parameter*>> out(groups.size() + 1);
  for (const auto& [name, parameter] : module.parameters()) {
    std::size_t at = groups.size();
    while (at > 0 && !matches(groups[at - 1].pattern, name)) --at;
    out[at].push_back(parameter);
  }
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (out[i + 1].empty()) {
      std::string names;
      for (const auto& [name, unused] : module.parameters())
        names += (names.empty() ? "" : ", ") + name;
      const bool again = std::ranges::count(groups, groups[i].pattern, &LrGroup::pattern) > 1;
      fail(Fault::argument,
           "--lr-group '" + groups[i].pattern +
               (again ? "' is given twice: each parameter is in the last that matches"
                      : "' is left without a parameter; there are " + names));
    }
  return out;
}

Trainer::Trainer(const TrainingOptions& options, const TrainingPlan& plan,
                 const datasets::Dataset& data, datasets::Normalization normalization)
    : options_(options),
      plan_(plan),
      data_(data),
      normalization_(normalization),
      net_(make_network(options.network, data.features(), data.classes, options.seed)),
      parameters_(optim::parameters_of(*net_)),
      optimizer_(make_optimizer(options.optimizer, grouped(*net_, plan.lr_groups))),
      constants_(options.optimizer),
      tape_(options.seed) {}

double Trainer::update(const sched::Clock& now, std::span<const std::uint32_t> rows,
                       double factor) {
  const auto step = static_cast<std::int64_t>(now.step);
  follow(now);
  tape_.begin(nn::Mode::training, static_cast<std::uint64_t>(step));
  const nn::Var logits = net_->forward(input(data_, rows));
  const nn::Var loss =
      nn::softmax_cross_entropy(logits, labels_, static_cast<nn::Scalar>(options_.label_smoothing));
  const auto value = static_cast<double>(loss.value()[0]);
  if (!std::isfinite(value)) return value;
  tape_.backward(loss);
  if (options_.clip_value > 0.0) optim::clip_grad_value(parameters_, options_.clip_value);
  if (options_.clip_norm > 0.0) optim::clip_grad_norm(parameters_, options_.clip_norm);
  factors_.assign(1, factor);
  for (const LrGroup& group : plan_.lr_groups) factors_.push_back(group.schedule(now));
  optimizer_.step(factors_);
  return value;
}

bool Trainer::weights_are_finite() const {
  return std::ranges::all_of(
      parameters_, [](const nn::Parameter* p) { return p->value.array().isFinite().all(); });
}

Evaluation Trainer::evaluate(const datasets::Dataset& data, std::span<const std::uint32_t> rows) {
  Evaluation sum;
  for (std::size_t begin = 0; begin < rows.size(); begin += evaluation_batch) {
    const auto part = rows.subspan(begin, std::min(evaluation_batch, rows.size() - begin));
    tape_.begin(nn::Mode::evaluation);
    const nn::Var logits = net_->forward(input(data, part));
    const nn::Var loss = nn::softmax_cross_entropy(logits, labels_);
    sum.loss += static_cast<double>(loss.value()[0]) * static_cast<double>(part.size());
    sum.accuracy += static_cast<double>(nn::count_correct(logits.value(), labels_));
  }
  const auto n = static_cast<double>(rows.size());
  return {sum.loss / n, sum.accuracy / n};
}

nn::Var Trainer::input(const datasets::Dataset& data, std::span<const std::uint32_t> rows) {
  const nn::Var x = tape_.input({static_cast<nn::Index>(rows.size()), data.features()});
  datasets::gather(data, normalization_, rows, tape_.value_of(x), labels_);
  return x;
}

/// Sets what follows a schedule to its value of the moment.
void Trainer::follow(const sched::Clock& now) {
  for (const Followed& f : plan_.followed) {
    const double value = f.base * f.schedule(now);
    if (f.what == Hyper::momentum) constants_.momentum = value;
    if (f.what == Hyper::beta1) constants_.beta1 = value;
    if (f.what == Hyper::beta2) constants_.beta2 = value;
    if (f.what == Hyper::weight_decay) constants_.weight_decay = value;
    if (f.what == Hyper::dropout)
      for (const auto& module : net_->children())
        if (auto* dropout = dynamic_cast<nn::Dropout*>(module.get()))
          dropout->set_probability(value);
  }
  if (!plan_.followed.empty()) set_constants(optimizer_, constants_);
}

}  // namespace anneal::apps
