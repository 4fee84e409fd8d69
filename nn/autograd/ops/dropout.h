#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// In training, each element becomes 0 with probability p and is otherwise multiplied by
/// 1 / (1 - p); in evaluation nothing happens. What is dropped follows from the tape's seed, the
/// step and the position alone. Srivastava et al., "Dropout", JMLR 15, 2014, in its inverted form.
/// Throws std::invalid_argument unless 0 <= p < 1.
Var dropout(Var x, double p);

}  // namespace anneal::nn
