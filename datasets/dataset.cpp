#include "datasets/dataset.h"

#include <cmath>

#include "datasets/fail.h"
#include "nn/autograd/parallel.h"

namespace anneal::datasets {
namespace {

/// Calls use(features) with whichever of the two kinds of features there is.
template <class Use>
void with_features(const Dataset& d, const Use& use) {
  if (d.bytes.empty())
    use(d.numbers);
  else
    use(d.bytes);
}

}  // namespace

void Dataset::check() const {
  const auto wanted = static_cast<std::size_t>(size() * features());
  const std::size_t found = bytes.size() + numbers.size();
  if (found != wanted)
    fail(name + ": " + std::to_string(size()) + " labels, but " + std::to_string(found) +
         " features; wanted " + std::to_string(features()) + " for each");
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= classes)
      fail(name + ": label " + std::to_string(labels[i]) + " of example " + std::to_string(i) +
           " is not in [0, " + std::to_string(classes) + ")");
}

Normalization standardize(const Dataset& training) {
  double mean = 0.0;
  double variance = 0.0;
  with_features(training, [&](const auto& features) {
    double sum = 0.0;
    double squares = 0.0;
    for (const auto v : features) {
      sum += static_cast<double>(v);
      squares += static_cast<double>(v) * static_cast<double>(v);
    }
    const auto n = static_cast<double>(features.size());
    mean = sum / n;
    variance = squares / n - mean * mean;
  });
  const double scale = variance > 0.0 ? 1.0 / std::sqrt(variance) : 1.0;
  return {static_cast<float>(scale), static_cast<float>(-mean * scale)};
}

Normalization unit_interval(const Dataset& dataset) {
  return {dataset.bytes.empty() ? 1.0F : 1.0F / 255.0F, 0.0F};
}

void gather(const Dataset& dataset, Normalization normalization,
            std::span<const std::uint32_t> rows, nn::Tensor& x, std::vector<int>& labels) {
  const auto n = static_cast<nn::Index>(rows.size());
  const nn::Index features = dataset.features();
  x.resize({n, features});
  labels.resize(rows.size());
  with_features(dataset, [&](const auto& all) {
    nn::parallel_rows(n, features, [&](nn::Index begin, nn::Index end) {
      for (nn::Index i = begin; i < end; ++i) {
        const std::size_t row = rows[static_cast<std::size_t>(i)];
        const auto* from = all.data() + row * static_cast<std::size_t>(features);
        nn::Scalar* to = x.data() + i * features;
        for (nn::Index j = 0; j < features; ++j)
          to[j] = static_cast<nn::Scalar>(normalization.scale * static_cast<float>(from[j]) +
                                          normalization.shift);
        labels[static_cast<std::size_t>(i)] = dataset.labels[row];
      }
    });
  });
}

}  // namespace anneal::datasets
