#include "nn/autograd/threads.h"

#include <array>

#include "nn/autograd/gemm.h"
#include "nn/autograd/team_size.h"

namespace anneal::nn {
namespace {

/// What a thread that trains knows of its passes.
struct Passes {
  int many = 1;  // threads that there are
  std::array<TeamSize, kinds_of_passes> teams{TeamSize(1, 1), TeamSize(1, 1)};
  std::size_t kind = 0;
  // The shared work of the pass at hand:
  double seconds = 0.0;
  double elements = 0.0;
};

constinit thread_local Passes passes;

/// A BLAS sums in another order on other threads, and its runs would not replay if their number
/// changed.
Passes passes_on(int many, std::size_t kind) {
  const TeamSize team(same_bits_on_any_threads() ? 1 : many, many);
  return {.many = many, .teams = {team, team}, .kind = kind};
}

}  // namespace

void SharedWork::begin(Index elements) {
  const int many = omp_get_max_threads();
  if (passes.many != many) passes = passes_on(many, passes.kind);
  threads_ = passes.teams[passes.kind].next();
  elements_ = elements;
  begun_ = std::chrono::steady_clock::now();
}

void SharedWork::end() const {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begun_;
  passes.seconds += seconds.count();
  passes.elements += static_cast<double>(elements_);
}

void begin_pass(std::size_t kind) {
  if (passes.elements > 0.0) passes.teams[passes.kind].took(passes.seconds, passes.elements);
  passes.seconds = passes.elements = 0.0;
  passes.kind = kind;
}

}  // namespace anneal::nn
