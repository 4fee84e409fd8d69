#include "nn/autograd/denormals.h"

#include <omp.h>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

namespace anneal::nn {

void flush_denormals() {
#ifdef __SSE__
  constexpr unsigned results_and_operands = 0x8040;  // FTZ and DAZ in the control register
#pragma omp parallel
  _mm_setcsr(_mm_getcsr() | results_and_operands);
#endif
}

}  // namespace anneal::nn
