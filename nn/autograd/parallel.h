#pragma once
#include <omp.h>

#include <algorithm>

#include "nn/autograd/tensor.h"
#include "nn/autograd/threads.h"

namespace anneal::nn {

/// Elements in a piece of work: enough that the loop over them, not the call, takes the time.
inline constexpr Index parallel_grain = 4096;
/// A stretch of [0, n) for one thread of several.
struct Share {
  Share(Index n, Index thread, Index threads)
      : begin(n * thread / threads), end(n * (thread + 1) / threads) {}
  Index begin;
  Index end;
};

/// Runs `work(begin, end)` over the pieces of [0, n) that are `grain` long, on several threads
/// where that is faster. The pieces depend on n and grain alone and each writes its own output, so
/// the bits of a result do not depend on the number of threads. `size` is the number of elements
/// where n counts rows.
template <class Work>
void parallel_chunks(Index n, Index grain, const Work& work, Index size) {
  const Index chunks = (n + grain - 1) / grain;
  const auto run = [&](Index chunk) { work(chunk * grain, std::min(n, (chunk + 1) * grain)); };
  const SharedWork shared(chunks < 2 ? 0 : size);
  if (shared.threads() == 1) {
    for (Index chunk = 0; chunk < chunks; ++chunk) run(chunk);
    return;
  }
#pragma omp parallel for schedule(static) num_threads(shared.threads())
  for (Index chunk = 0; chunk < chunks; ++chunk) run(chunk);
}
template <class Work>
void parallel_chunks(Index n, Index grain, const Work& work) {
  parallel_chunks(n, grain, work, n);
}

/// The same over the rows of a matrix with `cols` columns, about parallel_grain elements a piece.
template <class Work>
void parallel_rows(Index rows, Index cols, const Work& work) {
  parallel_chunks(rows, std::max<Index>(1, parallel_grain / std::max<Index>(1, cols)), work,
                  rows * cols);
}

/// Runs `work(begin, end)` once on every thread, for its share of [0, n) in whole lines of the
/// cache. For work that gives each element the same bits wherever the pieces begin and end.
template <class Work>
void parallel_shares(Index n, const Work& work) {
  const SharedWork shared(n);
  if (shared.threads() == 1) {
    work(Index{0}, n);
    return;
  }
  constexpr Index line = 16;  // elements, or two lines of doubles
#pragma omp parallel num_threads(shared.threads())
  {
    const Share lines((n + line - 1) / line, omp_get_thread_num(), omp_get_num_threads());
    work(std::min(n, lines.begin * line), std::min(n, lines.end * line));
  }
}

}  // namespace anneal::nn
