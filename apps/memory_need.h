#pragma once
#include <string>

#include "apps/network.h"
#include "apps/optimizers.h"

namespace anneal::apps {

/// The memory that a training run takes beside its data, in bytes. Doubles, for none of them can
/// overflow.
struct MemoryNeed {
  double parameters = 0.0;   ///< with their gradients
  double optimizer = 0.0;    ///< what it remembers of each of them
  double activations = 0.0;  ///< of a batch, with their gradients
  double total() const { return parameters + optimizer + activations; }
};

/// `rows` are the examples of the largest batch; an evaluation takes at most `evaluated` at a time.
MemoryNeed memory_need(const NetworkOptions& network, const OptimizerOptions& optimizer,
                       nn::Index inputs, nn::Index classes, double rows, double evaluated);

/// Throws std::invalid_argument with the sizes if `runs` of them at a time need more than there is.
void refuse_beyond(double limit, const MemoryNeed& need, int runs = 1);

/// "2.3 GB"
std::string bytes_text(double bytes);

}  // namespace anneal::apps
