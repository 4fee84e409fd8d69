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
// The k's are cut into blocks so that what the loop walks over stays in the caches, and for each
// block
//   - B is copied into panels of tile_cols columns, in which the b's of successive k follow one
//     another; the copy also hides whether B was transposed and pads the last columns with zeros;
//   - A is read where it lies if its rows are contiguous in memory. A transposed A is copied tile
//   by tile
//     (its column would be spread over as many pages as there are k's), and so is an A of mostly
//     one number, see below.
// Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008,
// tell the whole story.
//
// Images have a background: 81 % of MNIST's pixels are 0, which standardizing turns into another
// constant. If most elements of A equal one number g, then with A = g + A'
//     A B = g (the sums of B's columns) + A' B,
// and of A', a tile keeps only those k at which one of its rows is not 0: 44 % for six images, 34 %
// for six neighbouring pixels of one image. The terms left out are exact zeros, so for g = 0
// nothing is rounded differently.
//
// This file alone is compiled with -ffp-contract=fast: c += a * b is then one fused instruction.
#include "nn/autograd/gemm.h"

#include <omp.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "nn/autograd/gemm_pack.h"
#include "nn/autograd/gemm_tile.h"

namespace anneal::nn {
namespace {

/// A stretch of [0, n) for one thread of several.
struct Share {
  Share(Index n, Index thread, Index threads)
      : begin(n * thread / threads), end(n * (thread + 1) / threads) {}
  Index begin;
  Index end;
};

/// The number that most of `a` equals, if so many of its tiles are nothing else at so many k's that
/// it pays to look for them. Decided by a sample of 64 columns of tiles.
std::optional<Scalar> background_of(const MatrixView& a) {
  constexpr Index samples = 64;
  if (a.rows < 2 * tile_rows || a.cols < 2 * tile_rows) return {};
  const Index row_step = a.transposed ? 1 : a.stride;
  const Index k_step = a.transposed ? a.stride : 1;
  const Scalar candidate = a.data[0];
  Index plain = 0;
  for (Index i = 0; i < samples; ++i) {
    if (i == samples / 4 && plain < 2) return {};
    const Index row = i * 37 % (a.rows / tile_rows) * tile_rows;
    const Scalar* column = a.data + row * row_step + (i * 29 % samples) * a.cols / samples * k_step;
    bool same = true;
    for (Index r = 0; r < tile_rows; ++r) same &= column[r * row_step] == candidate;
    plain += same ? 1 : 0;
  }
  return plain >= samples / 3 ? std::optional(candidate) : std::nullopt;
}

/// What a product copies its factors into, kept from one to the next.
struct Workspace {
  std::vector<Scalar, detail::AlignedAllocator<Scalar>> a;
  std::vector<Scalar, detail::AlignedAllocator<Scalar>> b;
  std::vector<std::uint32_t> ks;
  std::vector<Index> counts;  // of each tile
};

class Product {
 public:
  Product(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite, Workspace& space)
      : a_(a), b_(b), c_(c), overwrite_(overwrite), space_(space), background_(background_of(a)) {
    packed_ = background_.has_value() || (a.transposed && panels_ > 2);
    if (packed_ && space.a.size() < at(tiles_ * depth_ * tile_rows))
      space.a.resize(at(tiles_ * depth_ * tile_rows));
    if (space.b.size() < at(panels_ * panel_size_)) space.b.resize(at(panels_ * panel_size_));
    if (background_ && space.ks.size() < at(tiles_ * depth_)) space.ks.resize(at(tiles_ * depth_));
    if (space.counts.size() < at(tiles_)) space.counts.resize(at(tiles_));
  }

  /// All threads call this at once, each with its number.
  void run(Index thread, Index threads) const {
    for (Index k = 0; k < a_.cols; k += depth_) {
      const Index depth = std::min(depth_, a_.cols - k);
      if (packed_) {
        const Share mine(tiles_, thread, threads);
        for (Index tile = mine.begin; tile < mine.end; ++tile) pack_a(tile, k, depth);
      }
      const Share mine(panels_, thread, threads);
      pack_b(mine, k, depth);
      wait(threads);
      multiply_share(thread, threads, k, depth);
      wait(threads);
    }
  }

 private:
  static void wait(Index threads) {
    if (threads == 1) return;  // perhaps in a region of somebody else, who must not wait
#pragma omp barrier
  }
  static std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
  }
  Index rows_of(Index tile) const {
    return std::min(tile_rows, a_.rows - tile * tile_rows);
  }
  Index cols_of(Index panel) const {
    return std::min(tile_cols, b_.cols - panel * tile_cols);
  }
  Scalar* tile_space(Index tile) const {
    return space_.a.data() + tile * depth_ * tile_rows;
  }
  std::uint32_t* ks_space(Index tile) const {
    return space_.ks.data() + tile * depth_;
  }
  Scalar* panel_space(Index panel) const {
    return space_.b.data() + panel * panel_size_;
  }

  void pack_a(Index tile, Index k, Index depth) const {
    const Index row = tile * tile_rows;
    Index& count = space_.counts[at(tile)];
    count = depth;
    if (background_)
      count = rows_of(tile) < tile_rows || depth < lanes
                  ? list_tile(a_, row, rows_of(tile), k, depth, *background_, tile_space(tile),
                              ks_space(tile))
              : a_.transposed
                  ? list_columns(a_, row, k, depth, *background_, tile_space(tile), ks_space(tile))
                  : list_rows(a_, row, k, depth, *background_, tile_space(tile), ks_space(tile));
    else
      pack_tile(a_, row, rows_of(tile), k, depth, tile_space(tile));
  }

  void pack_b(Share mine, Index k, Index depth) const {
    const Index whole = b_.transposed ? mine.begin : std::min(mine.end, b_.cols / tile_cols);
    pack_panels(b_, k, depth, mine.begin, whole, panel_size_, space_.b.data());
    for (Index panel = std::max(whole, mine.begin); panel < mine.end; ++panel)
      pack_panel(b_, k, depth, panel * tile_cols, cols_of(panel), panel_space(panel));
    if (background_.value_or(0) == 0) return;
    for (Index panel = mine.begin; panel < mine.end; ++panel)
      sum_columns(depth, (cols_of(panel) + lanes - 1) / lanes * lanes, panel_space(panel));
  }

  Terms terms_of(Index tile, Index k, Index depth) const {
    if (background_)
      return {tile_space(tile), 1, tile_rows, ks_space(tile), space_.counts[at(tile)]};
    if (packed_) return {tile_space(tile), 1, tile_rows, nullptr, depth};
    const Index row_step = a_.transposed ? 1 : a_.stride;
    const Index k_step = a_.transposed ? a_.stride : 1;
    return {a_.data + tile * tile_rows * row_step + k * k_step, row_step, k_step, nullptr, depth};
  }

  /// A part of C's columns, or of its rows if those can be shared out more evenly.
  void multiply_share(Index thread, Index threads, Index k, Index depth) const {
    const auto unevenness = [&](Index n) {
      return (n + threads - 1) / threads * threads * 1000 / n;
    };
    const bool by_rows = unevenness(tiles_) < unevenness(panels_);
    const Share my_tiles = by_rows ? Share(tiles_, thread, threads) : Share(tiles_, 0, 1);
    const Share my_panels = by_rows ? Share(panels_, 0, 1) : Share(panels_, thread, threads);
    for (Index first = my_tiles.begin; first < my_tiles.end; first += block_tiles)
      for (Index panel = my_panels.begin; panel < my_panels.end; ++panel) {
        const Index cols = cols_of(panel);
        const auto vectors = at((cols + lanes - 1) / lanes);
        for (Index tile = first; tile < std::min(first + block_tiles, my_tiles.end); ++tile) {
          const Index rows = rows_of(tile);
          const TileFunction multiply = background_
                                            ? listed_tiles[vectors - 1]
                                            : ::anneal::nn::tiles[vectors - 1][at(rows - 1)];
          multiply(terms_of(tile, k, depth), background_.value_or(0), panel_space(panel), depth,
                   c_ + tile * tile_rows * b_.cols + panel * tile_cols, b_.cols, rows, cols,
                   overwrite_ && k == 0);
        }
      }
  }

  MatrixView a_;
  MatrixView b_;
  Scalar* c_;
  bool overwrite_;
  Workspace& space_;
  std::optional<Scalar> background_;
  bool packed_ = false;  // A's tiles are copied
  Index tiles_ = (a_.rows + tile_rows - 1) / tile_rows;
  Index panels_ = (b_.cols + tile_cols - 1) / tile_cols;
  Index blocks_ = std::max<Index>(1, (a_.cols + max_depth - 1) / max_depth);
  Index depth_ = (a_.cols + blocks_ - 1) / blocks_;
  Index panel_size_ = (depth_ + 1) * tile_cols;
};

}  // namespace

void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite) {
  if (a.rows == 0 || b.cols == 0) return;
  if (a.cols == 0) {
    if (overwrite) std::fill_n(c, a.rows * b.cols, Scalar{0});
    return;
  }
  thread_local Workspace space;
  const Product product(a, b, c, overwrite, space);
  constexpr Index worth_a_thread = 250'000;  // multiply-adds: about five microseconds of them
  if (a.rows * b.cols * a.cols < worth_a_thread || omp_in_parallel() != 0 ||
      omp_get_max_threads() == 1) {
    product.run(0, 1);
    return;
  }
#pragma omp parallel
  product.run(omp_get_thread_num(), omp_get_num_threads());
}

std::string product_library() {
  return "Anneal";
}

}  // namespace anneal::nn
