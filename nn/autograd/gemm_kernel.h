// A part of the matrix product, and of that alone: what gemm.cpp asks of the innermost loops, which
// are compiled once for each generation of processors.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "nn/autograd/gemm.h"

namespace anneal::nn {

/// Rows of C that one pass of the innermost loop makes.
inline constexpr Index tile_rows = 6;

/// What a tile of C, up to tile_rows x Kernel::tile_cols, is the sum of: a(r, k) b(k, j) for those
/// k's of a block that count.
struct Tile {
  const Scalar* a;          ///< of the first row and the first k
  Index row_step;           ///< from one row to the next
  Index k_step;             ///< from one k to the next
  const std::uint32_t* ks;  ///< which k's, if not all; a is then a listed tile
  Index count;              ///< how many
  Scalar background;        ///< what was subtracted from a
  const Scalar* panel;      ///< the columns of b
  Index depth;              ///< k's in the panel
  Scalar* c;
  Index c_stride;
  Index rows;
  Index cols;
  bool overwrite;  ///< or added to what is there
};

/// The innermost loops for one generation of processors.
struct Kernel {
  std::string_view processor;  ///< the name that compilers give it
  bool (*runs_here)();
  bool fused;       ///< a * b + c is rounded once
  Index lanes;      ///< numbers in a vector
  Index tile_cols;  ///< columns of a panel: one or some vectors

  static constexpr std::size_t max_vectors = 4;
  using MultiplyTile = void (*)(const Tile&);
  /// Makes a tile; [vectors of columns - 1][rows - 1].
  std::array<std::array<MultiplyTile, tile_rows>, max_vectors> multiply;
  /// Makes a listed tile, of any number of rows; [vectors of columns - 1].
  std::array<MultiplyTile, max_vectors> multiply_listed;

  /// Copies columns of b, `cols` of them from `first_col` on, into panels of tile_cols that lie
  /// panel_size apart: panel[k][j] = b(first_k + k, j). A last panel has a whole number of vectors,
  /// zero beyond b's last column.
  void (*pack_panels)(const MatrixView& b, Index first_k, Index depth, Index first_col, Index cols,
                      Index panel_size, Scalar* panels);
  /// The sum of each of a panel's columns, behind its last k.
  void (*sum_columns)(Index depth, Index width, Scalar* panel);

  /// Copies a tile of a, tile_rows numbers for each k. Rows beyond the last repeat it: what becomes
  /// of them is never stored.
  void (*pack_tile)(const MatrixView& a, Index row, Index rows, Index first_k, Index depth,
                    Scalar* values);
  /// The same for the k's at which one of the rows differs from the background, which is
  /// subtracted. Lists them, and returns how many there are.
  Index (*list_tile)(const MatrixView& a, Index row, Index rows, Index first_k, Index depth,
                     Scalar background, Scalar* values, std::uint32_t* ks);
};

/// Those that were compiled, the best last.
std::span<const Kernel* const> kernels();
/// The best that this processor can run.
const Kernel& best_kernel();

/// multiply() of gemm.h by one of them.
void multiply_by(const Kernel& kernel, const MatrixView& a, const MatrixView& b, Scalar* c,
                 bool overwrite);

}  // namespace anneal::nn
