#pragma once
#include "nn/autograd/tape.h"

namespace anneal::nn {

/// The same elements in the same order under another shape of the same size.
Var reshape(Var x, const Shape& shape);
/// (n, m) -> (m, n). Throws std::invalid_argument unless x has rank 2.
Var transpose(Var x);

}  // namespace anneal::nn
