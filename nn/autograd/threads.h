#pragma once
#include <omp.h>

#include <chrono>
#include <cstddef>

#include "nn/autograd/tensor.h"

/// How many threads share a loop: for the authors of parallel loops, which all ask here.
namespace anneal::nn {

/// Elements that are worth a second thread: waking it and waiting for it takes two microseconds, in
/// which one thread does simple arithmetic on so many.
inline constexpr Index parallel_worth = 32'768;

/// Multiply-adds of a matrix product that take as long as one element of simple arithmetic.
inline constexpr Index products_per_element = 8;

/// A stretch of work that threads may share, from here to the end of the scope.
///
/// It is left to the calling thread when it is small, or inside another parallel region, where each
/// thread runs a training of its own. Otherwise all threads of OpenMP share it, or one does it
/// where that is faster: the time in these scopes is compared between passes that used all threads
/// and passes that used one (TeamSize), separately on each thread that trains. So every loop over
/// passes is safe from other programs that want the cores, with no code of its own.
class SharedWork {
 public:
  explicit SharedWork(Index elements) {
    if (elements >= parallel_worth && omp_get_max_threads() > 1 && omp_in_parallel() == 0)
      begin(elements);
  }
  ~SharedWork() {
    if (elements_ > 0) end();
  }
  SharedWork(const SharedWork&) = delete;
  SharedWork& operator=(const SharedWork&) = delete;

  int threads() const { return threads_; }

 private:
  void begin(Index elements);
  void end() const;

  int threads_ = 1;
  Index elements_ = 0;  // 0: nothing to share
  std::chrono::steady_clock::time_point begun_;
};

/// A pass over a network begins on this thread: from now on the number of threads is the one that
/// is faster as far as is known, and it does not change before the next pass. Passes of each kind,
/// training and evaluation, are compared with their like. Tape::begin() calls this.
inline constexpr std::size_t kinds_of_passes = 2;
void begin_pass(std::size_t kind);

}  // namespace anneal::nn
