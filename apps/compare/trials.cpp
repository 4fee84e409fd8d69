#include "apps/compare/trials.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "datasets/sha256.h"
#include "nn/autograd/gemm.h"

namespace anneal::apps {
namespace {

/// To be raised when the same options come to compute other bits.
constexpr int arithmetic_version = 3;

Fields description_of(const TrainingOptions& o, const TrainingPlan& p,
                      const datasets::TrainAndTest& data, const std::string& digest) {
  Fields fields{
      {"dataset", data.train.name},
      {"data", digest},
      {"training", p.training_examples},
      {"validation", p.validation_examples},
      {"test", data.test.size()},
      {"hidden", fmt::format("{}", fmt::join(o.network.hidden, ","))},
      {"activation", o.network.activation},
      {"norm", o.network.norm},
      {"dropout", o.network.dropout},
      {"optimizer", o.optimizer.name},
      {"lr", base_lr_of(o.optimizer)},
      {"weight-decay", o.optimizer.weight_decay},
      {"nesterov", o.optimizer.nesterov},
      {"amsgrad", o.optimizer.amsgrad},
      {"schedule", p.schedule.text()},
      {"epochs", std::int64_t{o.epochs}},
      {"batch-size", std::int64_t{o.batch_size}},
      {"drop-last", o.drop_last},
      {"label-smoothing", o.label_smoothing},
      {"clip-norm", o.clip_norm},
      {"clip-value", o.clip_value},
      {"seed", o.seed},
      {"evaluations", std::ssize(p.evaluation_steps)},
  };
  const auto constant = [&](const char* name, const std::optional<double>& value) {
    if (value) fields.emplace_back(name, *value);
  };
  if (o.watched) fields.emplace_back("watched", p.watched_examples);
  constant("momentum", momentum_of(o.optimizer));
  constant("beta1", beta1_of(o.optimizer));
  constant("beta2", beta2_of(o.optimizer));
  constant("epsilon", o.optimizer.epsilon);
  for (const LrGroup& g : p.lr_groups)
    fields.emplace_back("lr-group", g.pattern + ": " + g.schedule.text());
  for (const Followed& f : p.followed)
    fields.emplace_back(name_of(f.what) + "-schedule",
                        fmt::format("{} * ({})", f.base, f.schedule.text()));
  if (!o.follow.batch_size.empty())
    fields.emplace_back("batch-sizes", fmt::format("{}", fmt::join(p.batch_sizes, ",")));
  return fields;
}

}  // namespace

std::string text_of(const Value& value) {
  return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

std::string sha256_of(const std::string& text) {
  datasets::Sha256 hash;
  hash.add({reinterpret_cast<const std::uint8_t*>(text.data()),  // NOLINT: bytes are bytes
            text.size()});
  return hash.hex();
}

std::string digest_of(const datasets::TrainAndTest& data) {
  datasets::Sha256 hash;
  for (const datasets::Dataset* part : {&data.train, &data.test}) {
    hash.add(part->bytes);
    hash.add({reinterpret_cast<const std::uint8_t*>(part->numbers.data()),  // NOLINT
              part->numbers.size() * sizeof(float)});
    for (const std::uint16_t label : part->labels) {  // a byte, where that is enough
      const std::array bytes{static_cast<std::uint8_t>(label),
                             static_cast<std::uint8_t>(label >> 8U)};
      hash.add(std::span(bytes).first(part->classes <= 256 ? 1 : 2));
    }
  }
  return hash.hex();
}

Trial make_trial(TrainingOptions options, const datasets::TrainAndTest& data,
                 const std::string& digest) {
  options.threads = 1;
  TrainingPlan p = plan(options, data);
  Fields description = description_of(options, p, data, digest);
  std::string key = key_of(description);
  return {std::move(options), std::move(p), std::move(description), std::move(key)};
}

std::string key_of(const Fields& description) {
  std::string text = fmt::format("arithmetic {}\n", arithmetic_version);
  if (nn::product_library() != "Anneal") text += "products=" + nn::product_library() + "\n";
  for (const auto& [name, value] : description) text += name + "=" + text_of(value) + "\n";
  return sha256_of(text);
}

}  // namespace anneal::apps
