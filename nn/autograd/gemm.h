#pragma once
#include "nn/autograd/tensor.h"

namespace anneal::nn {

/// A matrix in memory, row-major with `stride` elements from one row to the next, or its transpose.
struct MatrixView {
  const Scalar* data;
  Index rows;  ///< of the matrix as it is meant, i.e. after transposing
  Index cols;
  Index stride;
  bool transposed = false;
};
inline MatrixView view(const Tensor& t) {
  return {t.data(), t.rows(), t.cols(), t.cols()};
}
inline MatrixView transposed(const MatrixView& m) {
  return {m.data, m.cols, m.rows, m.stride, !m.transposed};
}

/// c = a b, or c += a b unless `overwrite`; c is row-major and contiguous, (a.rows x b.cols).
/// Every element is summed in the order of k alone, however the work is tiled or spread over
/// threads, so its bits depend on neither.
void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite);

}  // namespace anneal::nn
