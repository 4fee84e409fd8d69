// The innermost loops for processors with AVX-512: 32 registers of 16 floats.
#include "nn/autograd/gemm_tile.h"

namespace anneal::nn {

namespace {
bool runs_here() {
  return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
         __builtin_cpu_supports("avx512cd") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
         __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("fma") != 0;
}
}  // namespace

extern const Kernel x86_64_v4_kernel = make_kernel("x86-64-v4", runs_here);

}  // namespace anneal::nn
