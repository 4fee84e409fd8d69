// A part of a kernel, and of those files alone: the innermost loop, and the kernel's table.
//
// A core of today starts two vector multiply-adds a cycle, but each takes about four cycles to
// finish: eight or more independent sums must be under way, and every operand fetched has to be
// used several times. So the loop keeps a tile of C in registers and for each k adds the outer
// product of a column of A and a row of B:
//
//       b b b b       each b, a vector, is used tile_rows times;
//     a C C C C       each a, one number spread over a vector, tile_vectors times;
//     a C C C C       every C is a sum of its own.
//     a C C C C
#pragma once
#include <array>
#include <utility>

#include "nn/autograd/gemm_pack.h"

namespace anneal::nn {
namespace {

/// Makes a tile of `Rows` rows, of which tile.rows exist, and `Vectors` vectors of columns, of
/// which tile.cols columns exist. `Listed`: at tile.ks only, and with the background's share.
template <Index Rows, Index Vectors, bool Listed>
void multiply_tile(const Tile& tile) {
  Vector sum[Rows][Vectors];  // NOLINT(modernize-avoid-c-arrays): must become registers
#pragma GCC unroll 8
  for (Index v = 0; v < Vectors; ++v) {
    Vector start = {};
    if (Listed && tile.background != 0)
      start = tile.background *
              *reinterpret_cast<const Vector*>(tile.panel + (tile.depth * Vectors + v) * lanes);
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r) sum[r][v] = start;
  }
  if (!tile.overwrite)  // C is far away by now: fetch it while the sums are made
    for (Index r = 0; r < tile.rows; ++r) __builtin_prefetch(tile.c + r * tile.c_stride, 1);
  const Scalar* a = tile.a;
  const Index row_step = Listed ? 1 : tile.row_step;
  const Index k_step = Listed ? tile_rows : tile.k_step;
  const Scalar* const panel = tile.panel;
  for (Index i = 0; i < tile.count; ++i, a += k_step) {
    const Scalar* b_row = panel + (Listed ? static_cast<Index>(tile.ks[i]) : i) * (Vectors * lanes);
    Vector b[Vectors];  // NOLINT(modernize-avoid-c-arrays)
#pragma GCC unroll 8
    for (Index v = 0; v < Vectors; ++v) b[v] = *reinterpret_cast<const Vector*>(b_row + v * lanes);
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r) {
      const Scalar factor = a[r * row_step];
#pragma GCC unroll 8
      for (Index v = 0; v < Vectors; ++v) sum[r][v] += factor * b[v];
    }
  }
  if (tile.rows == Rows && tile.cols == Vectors * lanes) {
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r)
#pragma GCC unroll 8
      for (Index v = 0; v < Vectors; ++v) {
        Scalar* const out = tile.c + r * tile.c_stride + v * lanes;
        store(tile.overwrite ? sum[r][v] : load(out) + sum[r][v], out);
      }
    return;
  }
  std::array<Scalar, static_cast<std::size_t>(Rows * Vectors * lanes)> sums;
  std::memcpy(sums.data(), sum, sizeof sum);
  for (Index r = 0; r < tile.rows; ++r)
    for (Index j = 0; j < tile.cols; ++j) {
      Scalar& out = tile.c[r * tile.c_stride + j];
      const Scalar added = sums[static_cast<std::size_t>(r * Vectors * lanes + j)];
      out = tile.overwrite ? added : out + added;
    }
}

/// multiply_tile for 1 to tile_rows rows.
template <Index Vectors, Index... Rows>
constexpr std::array<Kernel::MultiplyTile, tile_rows> row_table(
    std::integer_sequence<Index, Rows...> /*rows*/) {
  return {multiply_tile<Rows + 1, Vectors, false>...};
}
/// The same for 1 to tile_vectors vectors.
template <Index... Vectors>
constexpr decltype(Kernel::multiply) tile_table(
    std::integer_sequence<Index, Vectors...> /*vectors*/) {
  return {row_table<Vectors + 1>(std::make_integer_sequence<Index, tile_rows>())...};
}
template <Index... Vectors>
constexpr decltype(Kernel::multiply_listed) listed_table(
    std::integer_sequence<Index, Vectors...> /*vectors*/) {
  return {multiply_tile<tile_rows, Vectors + 1, true>...};
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
constexpr bool fused = true;
#else
constexpr bool fused = false;
#endif

constexpr Kernel make_kernel(std::string_view processor, bool (*runs_here)()) {
  constexpr auto vectors = std::make_integer_sequence<Index, tile_vectors>();
  return {processor,
          runs_here,
          fused,
          lanes,
          tile_cols,
          tile_table(vectors),
          listed_table(vectors),
          pack_panels,
          sum_columns,
          pack_tile,
          list_tile};
}

}  // namespace
}  // namespace anneal::nn
