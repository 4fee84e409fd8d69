// Matrix multiplication, as the processor likes it.
//
// A core of today starts two vector multiply-adds a cycle, but each takes about four cycles to
// finish: eight or more independent sums must be under way, and every operand fetched has to be
// used several times. So the innermost loop keeps a tile of C, tile_rows x tile_cols, in registers
// and for each k adds the outer product of a column of A and a row of B:
//
//       b b b b       each b, a vector, is used tile_rows times;
//     a C C C C       each a, one number spread over a vector, tile_vectors times;
//     a C C C C       every C is a sum of its own.
//     a C C C C
//
// B is copied beforehand into panels of tile_cols columns, in which the b's of successive k follow
// one another. The copy also hides whether B was transposed and pads the last columns with zeros.
// A is read where it lies. Goto & van de Geijn, "Anatomy of High-Performance Matrix
// Multiplication", ACM TOMS 34(3), 2008, tell the whole story.
//
// This file alone is compiled with -ffp-contract=fast: c += a * b is then one fused instruction.
#include "nn/autograd/gemm.h"

#include <omp.h>

#include <algorithm>
#include <utility>

namespace anneal::nn {
namespace {

#if defined(__AVX512F__)
constexpr Index vector_bytes = 64;
constexpr Index tile_vectors = 4;  // 6 x 4 sums, 4 b's and an a: 29 of 32 registers
#elif defined(__AVX__)
constexpr Index vector_bytes = 32;
constexpr Index tile_vectors = 2;  // 6 x 2 sums, 2 b's and an a: 15 of 16 registers
#else
constexpr Index vector_bytes = 16;
constexpr Index tile_vectors = 2;
#endif
constexpr Index tile_rows = 6;
constexpr Index lanes = vector_bytes / static_cast<Index>(sizeof(Scalar));
constexpr Index tile_cols = tile_vectors * lanes;
constexpr Index panel_depth = 512;  // a panel then fits the second-level cache several times over

using Vector = Scalar __attribute__((vector_size(vector_bytes)));

/// panel[k][j] = b(first_k + k, first_col + j), zero beyond b's last column.
void pack_panel(const MatrixView& b, Index first_k, Index depth, Index first_col, Index cols,
                Scalar* panel) {
  const Index width = (cols + lanes - 1) / lanes * lanes;
  if (b.transposed) {
    // In small squares, whose rows read and rows written all stay in the nearest cache.
    constexpr Index square = 16;
    for (Index k0 = 0; k0 < depth; k0 += square)
      for (Index j = 0; j < cols; ++j) {
        const Scalar* source = b.data + (first_col + j) * b.stride + first_k;
        for (Index k = k0; k < std::min(k0 + square, depth); ++k) panel[k * width + j] = source[k];
      }
  } else {
    for (Index k = 0; k < depth; ++k)
      std::copy_n(b.data + (first_k + k) * b.stride + first_col, cols, panel + k * width);
  }
  if (cols < width)
    for (Index k = 0; k < depth; ++k)
      std::fill(panel + k * width + cols, panel + (k + 1) * width, 0);
}

/// The next `depth` terms of a tile of C with `Rows` rows and `Vectors` vectors of columns, of
/// which `cols` columns exist. `a` points at the first of them, its rows and its k's that far
/// apart.
template <Index Rows, Index Vectors>
void multiply_tile(const Scalar* a, Index row_step, Index k_step, Index depth, const Scalar* panel,
                   Scalar* c, Index c_stride, Index cols, bool overwrite) {
  Vector sum[Rows][Vectors] = {};  // NOLINT(modernize-avoid-c-arrays): must become registers
  for (Index k = 0; k < depth; ++k, a += k_step, panel += Vectors * lanes) {
    Vector b[Vectors];  // NOLINT(modernize-avoid-c-arrays)
#pragma GCC unroll 8
    for (Index v = 0; v < Vectors; ++v) b[v] = *reinterpret_cast<const Vector*>(panel + v * lanes);
#pragma GCC unroll 8
    for (Index r = 0; r < Rows; ++r) {
      const Scalar factor = a[r * row_step];
#pragma GCC unroll 8
      for (Index v = 0; v < Vectors; ++v) sum[r][v] += factor * b[v];
    }
  }
  for (Index r = 0; r < Rows; ++r) {
    Scalar* row = c + r * c_stride;
    const auto* sums = reinterpret_cast<const Scalar*>(&sum[r][0]);
    if (overwrite)
      for (Index j = 0; j < cols; ++j) row[j] = sums[j];
    else
      for (Index j = 0; j < cols; ++j) row[j] += sums[j];
  }
}

using TileFunction = void (*)(const Scalar*, Index, Index, Index, const Scalar*, Scalar*, Index,
                              Index, bool);

/// multiply_tile for 1 to tile_rows rows; index Rows - 1.
template <Index Vectors, Index... Rows>
constexpr std::array<TileFunction, sizeof...(Rows)> tile_functions(
    std::integer_sequence<Index, Rows...> /*rows*/) {
  return {multiply_tile<Rows + 1, Vectors>...};
}
/// The same for 1 to tile_vectors vectors; index Vectors - 1.
template <Index... Vectors>
constexpr auto tile_table(std::integer_sequence<Index, Vectors...> /*vectors*/) {
  return std::array{tile_functions<Vectors + 1>(std::make_integer_sequence<Index, tile_rows>())...};
}
constexpr auto tiles = tile_table(std::make_integer_sequence<Index, tile_vectors>());

/// Rows [first_row, last_row) and the columns of one panel of C.
void multiply_block(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite,
                    Index first_row, Index last_row, Index first_col, Index cols) {
  alignas(64) thread_local std::array<Scalar, panel_depth * tile_cols> panel;
  const auto& tile = tiles[static_cast<std::size_t>((cols + lanes - 1) / lanes - 1)];
  const Index row_step = a.transposed ? 1 : a.stride;
  const Index k_step = a.transposed ? a.stride : 1;
  for (Index k = 0; k < a.cols; k += panel_depth) {
    const Index depth = std::min(panel_depth, a.cols - k);
    pack_panel(b, k, depth, first_col, cols, panel.data());
    for (Index row = first_row; row < last_row; row += tile_rows) {
      const Index rows = std::min(tile_rows, last_row - row);
      tile[static_cast<std::size_t>(rows - 1)](
          a.data + row * row_step + k * k_step, row_step, k_step, depth, panel.data(),
          c + row * b.cols + first_col, b.cols, cols, overwrite && k == 0);
    }
  }
}

}  // namespace

void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite) {
  if (a.cols == 0 && overwrite) std::fill_n(c, a.rows * b.cols, Scalar{0});
  const Index panels = (b.cols + tile_cols - 1) / tile_cols;
  // Panels are shared out first, because packing one twice is waste; rows only if panels are few.
  constexpr Index worth_a_thread = 32'768;  // multiply-adds: about a microsecond of them
  const bool small = a.rows * b.cols * a.cols < worth_a_thread;
  const Index threads = small || omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
  const Index row_parts = std::clamp<Index>((threads + panels - 1) / std::max<Index>(panels, 1), 1,
                                            std::max<Index>(1, a.rows / tile_rows));
  const Index part_rows =
      ((a.rows + row_parts - 1) / row_parts + tile_rows - 1) / tile_rows * tile_rows;
  const auto block = [&](Index i) {
    const Index first_row = i % row_parts * part_rows;
    const Index first_col = i / row_parts * tile_cols;
    multiply_block(a, b, c, overwrite, first_row, std::min(a.rows, first_row + part_rows),
                   first_col, std::min(tile_cols, b.cols - first_col));
  };
  const Index blocks = panels * row_parts;
  if (threads == 1) {
    for (Index i = 0; i < blocks; ++i) block(i);
    return;
  }
#pragma omp parallel for schedule(static)
  for (Index i = 0; i < blocks; ++i) block(i);
}

}  // namespace anneal::nn
