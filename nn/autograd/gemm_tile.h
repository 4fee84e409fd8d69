// A part of gemm.cpp, and of that file alone: the innermost loop.
#pragma once
#include <array>
#include <utility>

#include "nn/autograd/gemm_pack.h"

namespace anneal::nn {
namespace {

/// What a tile of C is the sum of: a(r, k) for the rows of the tile and for those k's of a block
/// that count.
struct Terms {
  const Scalar* a;          ///< of the first row and the first k
  Index row_step;           ///< from one row to the next
  Index k_step;             ///< from one k to the next
  const std::uint32_t* ks;  ///< which k's, if not all
  Index count;              ///< how many
};

/// Adds its terms to a tile of C with `Rows` rows, of which `rows` exist, and `Vectors` vectors of
/// columns, of which `cols` columns exist. The sums begin at `background` times those of the
/// panel's columns.
template <Index Rows, Index Vectors, bool Listed>
void multiply_tile(const Terms& terms, Scalar background, const Scalar* panel, Index depth,
                   Scalar* c, Index c_stride, Index rows, Index cols, bool overwrite) {
  Vector sum[Rows][Vectors];  // NOLINT(modernize-avoid-c-arrays): must become registers
#pragma GCC unroll 8
  for (Index v = 0; v < Vectors; ++v) {
    Vector start = {};
    if (Listed && background != 0)
      start = background * *reinterpret_cast<const Vector*>(panel + (depth * Vectors + v) * lanes);
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r) sum[r][v] = start;
  }
  if (!overwrite)  // C is far away by now: fetch it while the sums are made
    for (Index r = 0; r < rows; ++r) __builtin_prefetch(c + r * c_stride, 1);
  const Scalar* a = terms.a;
  const Index row_step = Listed ? 1 : terms.row_step;
  const Index k_step = Listed ? tile_rows : terms.k_step;
  for (Index i = 0; i < terms.count; ++i, a += k_step) {
    const Scalar* b_row =
        panel + (Listed ? static_cast<Index>(terms.ks[i]) : i) * (Vectors * lanes);
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
  if (rows == Rows && cols == Vectors * lanes) {
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r)
#pragma GCC unroll 8
      for (Index v = 0; v < Vectors; ++v) {
        Scalar* const out = c + r * c_stride + v * lanes;
        store(overwrite ? sum[r][v] : load(out) + sum[r][v], out);
      }
    return;
  }
  std::array<Scalar, static_cast<std::size_t>(Rows * Vectors * lanes)> sums;
  std::memcpy(sums.data(), sum, sizeof sum);
  for (Index r = 0; r < rows; ++r)
    for (Index j = 0; j < cols; ++j) {
      Scalar& out = c[r * c_stride + j];
      const Scalar added = sums[static_cast<std::size_t>(r * Vectors * lanes + j)];
      out = overwrite ? added : out + added;
    }
}

using TileFunction = void (*)(const Terms&, Scalar, const Scalar*, Index, Scalar*, Index, Index,
                              Index, bool);

/// multiply_tile for 1 to tile_rows rows; index Rows - 1.
template <Index Vectors, Index... Rows>
constexpr std::array<TileFunction, sizeof...(Rows)> tile_functions(
    std::integer_sequence<Index, Rows...> /*rows*/) {
  return {multiply_tile<Rows + 1, Vectors, false>...};
}
/// The same for 1 to tile_vectors vectors; index Vectors - 1.
template <Index... Vectors>
constexpr auto tile_table(std::integer_sequence<Index, Vectors...> /*vectors*/) {
  return std::array{tile_functions<Vectors + 1>(std::make_integer_sequence<Index, tile_rows>())...};
}
template <Index... Vectors>
constexpr auto listed_table(std::integer_sequence<Index, Vectors...> /*vectors*/) {
  return std::array<TileFunction, sizeof...(Vectors)>{
      multiply_tile<tile_rows, Vectors + 1, true>...};
}
constexpr auto tiles = tile_table(std::make_integer_sequence<Index, tile_vectors>());
constexpr auto listed_tiles = listed_table(std::make_integer_sequence<Index, tile_vectors>());

}  // namespace
}  // namespace anneal::nn
