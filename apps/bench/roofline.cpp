// Compiled with -ffp-contract=fast, so that a multiply-add is one instruction.
#include "apps/bench/roofline.h"

#include <omp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace anneal::apps {
namespace {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif
using Vector = float __attribute__((vector_size(vector_bytes)));

/// The least of several times: the others were disturbed.
template <class Work>
double least_seconds(int threads, const Work& work) {
  double least = 1e9;
  for (int i = 0; i < 7; ++i) {
    const auto begun = std::chrono::steady_clock::now();
#pragma omp parallel num_threads(threads)
    work(omp_get_thread_num());
    least = std::min(
        least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  return least;
}

double measure_peak_flops() {
  constexpr int chains = 12;  // a fused multiply-add takes four cycles, and two begin in each
  constexpr int rounds = 4'000'000;
  float result = 0;
  const double seconds = least_seconds(1, [&](int /*thread*/) {
    std::array<Vector, chains> sums{};
    for (int i = 0; i < chains; ++i) sums[static_cast<std::size_t>(i)] += static_cast<float>(i);
    const Vector factor = Vector{} + 0.999F;
    const Vector term = Vector{} + 0.001F;
    for (int i = 0; i < rounds; ++i)
#pragma GCC unroll 12
      for (std::size_t c = 0; c < chains; ++c) sums[c] = sums[c] * factor + term;
    float all = 0;
    for (const Vector& sum : sums) all += sum[0];
    result = all;
  });
  __asm__ volatile("" : : "m"(result) : "memory");  // so that nothing is left out
  constexpr int lanes = vector_bytes / 4;
  return 2.0 * chains * rounds * lanes / seconds;
}

}  // namespace

double peak_flops() {
  static const double peak = measure_peak_flops();
  return peak;
}

double triad_bytes_per_s(std::int64_t elements, int threads) {
  const auto n = static_cast<std::size_t>(elements);
  std::vector<float> a(n);
  std::vector<float> b(n, 1.0F);
  const auto rounds = static_cast<int>(std::max<std::int64_t>(1, 20'000'000 / elements));
  const double seconds = least_seconds(threads, [&](int thread) {
    const std::size_t begin =
        n * static_cast<std::size_t>(thread) / static_cast<std::size_t>(threads);
    const std::size_t end =
        n * static_cast<std::size_t>(thread + 1) / static_cast<std::size_t>(threads);
    for (int round = 0; round < rounds; ++round) {
      float* const to = a.data();
      const float* const x = b.data();
#pragma omp simd
      for (std::size_t i = begin; i < end; ++i) to[i] += 3.0F * x[i];
      __asm__ volatile("" : : "r"(to) : "memory");  // each round counts
    }
  });
  return 12.0 * static_cast<double>(elements) * rounds / seconds;
}

}  // namespace anneal::apps
