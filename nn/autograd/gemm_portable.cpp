// The innermost loops for any processor of its kind: on x86-64, with SSE2.
#include "nn/autograd/gemm_tile.h"

namespace anneal::nn {

namespace {
bool runs_here() {
  return true;
}
}  // namespace

extern const Kernel portable_kernel = make_kernel("portable", runs_here);

}  // namespace anneal::nn
