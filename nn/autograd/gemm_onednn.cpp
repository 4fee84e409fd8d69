// multiply() by oneDNN, for -D ANNEAL_BLAS=oneDNN; it knows float only. Built with OpenMP, as it
// usually is, it asks that for the number of threads.
#include "nn/autograd/gemm.h"

#include <oneapi/dnnl/dnnl.h>

#include <algorithm>
#include <stdexcept>

namespace anneal::nn {

void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite) {
  if (a.cols == 0) {  // the stride may be 0, which a BLAS refuses
    if (overwrite) std::fill_n(c, a.rows * b.cols, Scalar{0});
    return;
  }
  if (a.rows == 0 || b.cols == 0) return;
  const auto transpose = [](const MatrixView& m) { return m.transposed ? 'T' : 'N'; };
  const dnnl_status_t status =
      dnnl_sgemm(transpose(a), transpose(b), a.rows, b.cols, a.cols, 1.0F, a.data, a.stride, b.data,
                 b.stride, overwrite ? 0.0F : 1.0F, c, b.cols);
  if (status != dnnl_success)
    throw std::runtime_error("multiply: oneDNN failed with status " + std::to_string(status));
}

bool same_bits_on_any_threads() {
  return false;
}

std::string product_library() {
  const dnnl_version_t& v = *dnnl_version();
  return "oneDNN " + std::to_string(v.major) + "." + std::to_string(v.minor) + "." +
         std::to_string(v.patch);
}

}  // namespace anneal::nn
