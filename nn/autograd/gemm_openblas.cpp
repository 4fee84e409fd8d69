// multiply() by OpenBLAS, for -D ANNEAL_BLAS=OpenBLAS.
#include "nn/autograd/gemm.h"

#include <cblas.h>
#include <omp.h>

#include <algorithm>
#include <type_traits>

namespace anneal::nn {

void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite) {
  if (a.cols == 0) {  // the stride may be 0, which a BLAS refuses
    if (overwrite) std::fill_n(c, a.rows * b.cols, Scalar{0});
    return;
  }
  if (a.rows == 0 || b.cols == 0) return;
  // Built with OpenMP, OpenBLAS asks it for the number of threads itself. Built with threads of its
  // own, it is told; the number is then the whole process's.
  static const bool own_threads = openblas_get_parallel() == OPENBLAS_THREAD;
  if (own_threads) openblas_set_num_threads(omp_in_parallel() != 0 ? 1 : omp_get_max_threads());

  const auto gemm = [] {
    if constexpr (std::is_same_v<Scalar, double>)
      return cblas_dgemm;
    else
      return cblas_sgemm;
  }();
  const auto transpose = [](const MatrixView& m) {
    return m.transposed ? CblasTrans : CblasNoTrans;
  };
  const auto integer = [](Index i) { return static_cast<blasint>(i); };
  gemm(CblasRowMajor, transpose(a), transpose(b), integer(a.rows), integer(b.cols), integer(a.cols),
       Scalar{1}, a.data, integer(a.stride), b.data, integer(b.stride), Scalar(overwrite ? 0 : 1),
       c, integer(b.cols));
}

bool same_bits_on_any_threads() {
  return false;
}

std::string product_library() {
  return openblas_get_config();
}

}  // namespace anneal::nn
