#pragma once
#include <omp.h>

#include <algorithm>

#include "nn/autograd/tensor.h"

namespace anneal::nn {

/// Elements that are worth handing to another thread: waking one costs about a microsecond.
inline constexpr Index parallel_grain = 4096;

/// Runs `work(begin, end)` over the pieces of [0, n) that are `grain` long, on the threads of
/// OpenMP. The pieces depend on n and grain alone and each writes its own output, so the bits of
/// a result do not depend on the number of threads. Inside another parallel region, where each
/// thread runs a training of its own, the calling thread does all the pieces itself.
template <class Work>
void parallel_chunks(Index n, Index grain, const Work& work) {
  const Index chunks = (n + grain - 1) / grain;
  const auto run = [&](Index chunk) { work(chunk * grain, std::min(n, (chunk + 1) * grain)); };
  if (chunks < 2 || omp_get_max_threads() == 1 || omp_in_parallel() != 0) {
    for (Index chunk = 0; chunk < chunks; ++chunk) run(chunk);
    return;
  }
#pragma omp parallel for schedule(static)
  for (Index chunk = 0; chunk < chunks; ++chunk) run(chunk);
}

/// The same over the rows of a matrix with `cols` columns, about parallel_grain elements a piece.
template <class Work>
void parallel_rows(Index rows, Index cols, const Work& work) {
  parallel_chunks(rows, std::max<Index>(1, parallel_grain / std::max<Index>(1, cols)), work);
}

}  // namespace anneal::nn
