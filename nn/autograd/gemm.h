#pragma once
#include <string>

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
/// threads, so its bits depend on neither. If the project was configured with a BLAS (ANNEAL_BLAS),
/// that computes the product, on as many threads, and the bits are the BLAS's own.
void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite);

/// Whether that holds of threads: not with a BLAS.
bool same_bits_on_any_threads();

/// What computes the products: "Anneal", or a BLAS with its version and what else may decide its
/// bits.
std::string product_library();

}  // namespace anneal::nn
