#include "apps/memory_need.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fail.h"

namespace anneal::apps {

MemoryNeed memory_need(const NetworkOptions& network, const OptimizerOptions& optimizer,
                       nn::Index inputs, nn::Index classes, double rows, double evaluated) {
  const auto size = static_cast<double>(sizeof(nn::Scalar));
  const bool norm = network.norm != "none";
  // Of each hidden layer's width: the outputs of Linear, norm, activation and dropout, each with a
  // gradient; what norm and dropout keep for the way back has none.
  const double outputs = 2.0 + (norm ? 1.0 : 0.0) + (network.dropout > 0.0 ? 1.0 : 0.0);
  const double kept = (norm ? 1.0 : 0.0) + (network.dropout > 0.0 ? 1.0 : 0.0);
  double parameters = 0.0;
  double values = static_cast<double>(inputs);  // of an example
  double gradients = 0.0;
  auto below = static_cast<double>(inputs);
  for (const nn::Index width : network.hidden) {
    const auto w = static_cast<double>(width);
    parameters += (below + 1.0) * w + (norm ? 2.0 * w : 0.0);
    values += (outputs + kept) * w;
    gradients += outputs * w;
    below = w;
  }
  const auto out = static_cast<double>(classes);
  parameters += (below + 1.0) * out;
  values += 2.0 * out;  // logits and probabilities
  gradients += out;
  return {.parameters = 2.0 * parameters * size,
          .optimizer = static_cast<double>(slots_of(optimizer)) * parameters * size,
          .activations = (std::max(rows, evaluated) * values + rows * gradients) * size};
}

void refuse_beyond(double limit, const MemoryNeed& need, int runs) {
  if (need.total() * runs <= limit) return;
  fail(Fault::argument,
       fmt::format("training would take {} of memory{}, and there are {}: {} for the network's "
                   "parameters and their gradients, {} for the optimizer, {} for a batch. Take "
                   "smaller --hidden layers{}",
                   bytes_text(need.total() * runs),
                   runs == 1 ? "" : fmt::format(", for {} runs at a time", runs), bytes_text(limit),
                   bytes_text(need.parameters), bytes_text(need.optimizer),
                   bytes_text(need.activations),
                   runs == 1 ? ", or a smaller --batch-size" : ", or fewer --workers"));
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < units.size()) {
    bytes /= 1000.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, bytes < 9.95 && unit > 0 ? 1 : 0, units.at(unit));
}

}  // namespace anneal::apps
