// The innermost loops for processors with AVX2 and fused multiply-adds: 16 registers of 8 floats.
#include "nn/autograd/gemm_tile.h"

namespace anneal::nn {

namespace {
bool runs_here() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
         __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2") != 0;
}
}  // namespace

extern const Kernel x86_64_v3_kernel = make_kernel("x86-64-v3", runs_here);

}  // namespace anneal::nn
