// Matrix multiplication (GEMM), blocked and packed as by Goto & van de Geijn, "Anatomy of
// High-Performance Matrix Multiplication", 2008.
//
// The innermost loop (gemm_tile.h) makes a tile of C, tile_rows x tile_cols, in registers. This
// file decides in which order the tiles are made, so that what that loop walks over stays in the
// caches:
//   - the k's are cut into blocks;
//   - B is copied into panels of tile_cols columns, in which the b's of successive k follow one
//     another; the copy also hides whether B was transposed and pads the last columns with zeros.
//     A few panels at a time: they are used while they are still in the first two caches;
//   - A is read where it lies if its rows are contiguous in memory. A transposed A is copied tile
//     by tile (its column would be spread over as many pages as there are k's), and so is an A of
//     mostly one number, see below.
// Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3), 2008,
// tell the whole story.
//
// Images have a background: 81 % of MNIST's pixels are 0, which standardizing turns into another
// constant. If most elements of A equal one number g, then with A = g + A'
//     A B = g (the sums of B's columns) + A' B,
// and of A', a tile keeps only those k at which one of its rows is not 0: 44 % for six images, 34 %
// for six neighbouring pixels of one image. The terms left out are exact zeros, so for g = 0
// nothing is rounded differently.
#include "nn/autograd/gemm.h"

#include <omp.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "nn/autograd/gemm_kernel.h"
#include "nn/autograd/parallel.h"

namespace anneal::nn {

extern const Kernel portable_kernel;
#ifdef __x86_64__
extern const Kernel x86_64_v3_kernel;
extern const Kernel x86_64_v4_kernel;
#endif

namespace {

// A panel of so many k's takes 25 KB with AVX2, and fits the first cache, 100 KB with AVX-512; some
// panels, with so much of A, fit the second.
constexpr Index max_depth = 400;
constexpr Index panels_at_once = 8;
constexpr Index block_bytes = 150'000;

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
  Product(const Kernel& kernel, const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite,
          Index threads, Workspace& space)
      : kernel_(kernel),
        a_(a),
        b_(b),
        c_(c),
        overwrite_(overwrite),
        space_(space),
        background_(background_of(a)) {
    const auto unevenness = [&](Index n) {
      return (n + threads - 1) / threads * threads * 1000 / n;
    };
    by_rows_ = unevenness(tiles_) < unevenness(panels_);
    packed_ = background_.has_value() || (a.transposed && panels_ > 2);
    if (packed_) grow(space.a, tiles_ * tile_rows * a.cols);
    if (background_) grow(space.ks, tiles_ * a.cols);
    if (background_) grow(space.counts, tiles_ * blocks_);
    slots_ = tiles_ > block_tiles_ ? panels_ : std::min(panels_, panels_at_once);
    grow(space.b, slots_ * panel_size_ * (by_rows_ || slots_ < panels_ ? threads : 1));
  }

  /// All threads call this at once, each with its number. Each makes its own part of C's columns,
  /// or of its rows if those can be shared out more evenly.
  void run(Index thread, Index threads) const {
    const Share all_tiles(tiles_, 0, 1);
    const Share tiles(tiles_, thread, threads);
    const Share panels(panels_, thread, threads);
    if (packed_) {
      for (Index tile = tiles.begin; tile < tiles.end; ++tile) pack_a(tile);
      if (!by_rows_) wait(threads);
    }
    for (Index block = 0; block < blocks_; ++block)
      if (by_rows_)
        multiply_block(block, tiles, Share(panels_, 0, 1), thread);
      else
        multiply_block(block, all_tiles, panels, thread);
  }

 private:
  static void wait(Index threads) {
    if (threads == 1) return;  // within somebody's parallel region a barrier would deadlock
#pragma omp barrier
  }
  static std::size_t at(Index i) {
    return static_cast<std::size_t>(i);
  }
  template <class Vector>
  static void grow(Vector& v, Index size) {
    if (v.size() < at(size)) v.resize(at(size));
  }
  Index rows_of(Index tile) const {
    return std::min(tile_rows, a_.rows - tile * tile_rows);
  }
  /// Columns from one panel to another.
  Index cols_of(Index first, Index last) const {
    return std::min(last * kernel_.tile_cols, b_.cols) - first * kernel_.tile_cols;
  }
  Index depth_of(Index block) const {
    return std::min(depth_, a_.cols - block * depth_);
  }
  /// Where a tile's k's of a block begin, in space.ks; in space.a, tile_rows times that.
  Index packed_at(Index tile, Index block) const {
    return tile * a_.cols + block * depth_;
  }

  void pack_a(Index tile) const {
    const Index row = tile * tile_rows;
    for (Index block = 0; block < blocks_; ++block) {
      const Index at_k = packed_at(tile, block);
      Scalar* const values = space_.a.data() + at_k * tile_rows;
      if (background_)
        space_.counts[at(tile * blocks_ + block)] =
            kernel_.list_tile(a_, row, rows_of(tile), block * depth_, depth_of(block), *background_,
                              values, space_.ks.data() + at_k);
      else
        kernel_.pack_tile(a_, row, rows_of(tile), block * depth_, depth_of(block), values);
    }
  }

  /// What the tiles of a block share; `a` is of the first of them.
  Tile tile_of(Index block) const {
    Tile tile{};
    tile.count = depth_of(block);
    tile.depth = tile.count;
    tile.c_stride = b_.cols;
    tile.overwrite = overwrite_ && block == 0;
    tile.background = background_.value_or(0);
    tile.row_step = packed_ || a_.transposed ? 1 : a_.stride;
    tile.k_step = packed_ ? tile_rows : a_.transposed ? a_.stride : 1;
    tile.a = (packed_ ? space_.a.data() : a_.data) + block * depth_ * tile.k_step;
    return tile;
  }

  void pack_b(Index block, Index first, Index last, Scalar* to) const {
    const Index depth = depth_of(block);
    kernel_.pack_panels(b_, block * depth_, depth, first * kernel_.tile_cols, cols_of(first, last),
                        panel_size_, to);
    if (background_.value_or(0) == 0) return;
    for (Index panel = first; panel < last; ++panel, to += panel_size_) {
      const Index vectors = (cols_of(panel, panel + 1) + kernel_.lanes - 1) / kernel_.lanes;
      kernel_.sum_columns(depth, vectors * kernel_.lanes, to);
    }
  }

  void multiply_block(Index block, Share tiles, Share panels, Index thread) const {
    const bool kept = slots_ == panels_;  // for the next tiles
    Scalar* const b = space_.b.data() + (by_rows_ || !kept ? thread * slots_ * panel_size_ : 0);
    Tile tile = tile_of(block);
    const Scalar* const a = tile.a;
    const Index tile_step = tile_rows * (packed_ ? a_.cols : tile.row_step);
    for (Index begin = tiles.begin; begin < tiles.end; begin += block_tiles_)
      for (Index first = panels.begin; first < panels.end; first += panels_at_once) {
        const Index last = std::min(first + panels_at_once, panels.end);
        Scalar* const group = b + (kept ? first * panel_size_ : 0);
        if (begin == tiles.begin) pack_b(block, first, last, group);
        for (Index panel = first; panel < last; ++panel) {
          tile.panel = group + (panel - first) * panel_size_;
          tile.cols = cols_of(panel, panel + 1);
          const std::size_t vectors = at((tile.cols + kernel_.lanes - 1) / kernel_.lanes);
          for (Index i = begin; i < std::min(begin + block_tiles_, tiles.end); ++i) {
            tile.a = a + i * tile_step;
            tile.rows = rows_of(i);
            tile.c = c_ + i * tile_rows * b_.cols + panel * kernel_.tile_cols;
            if (background_) {
              tile.ks = space_.ks.data() + packed_at(i, block);
              tile.count = space_.counts[at(i * blocks_ + block)];
              kernel_.multiply_listed[vectors - 1](tile);
            } else {
              kernel_.multiply[vectors - 1][at(tile.rows - 1)](tile);
            }
          }
        }
      }
  }

  const Kernel& kernel_;
  MatrixView a_;
  MatrixView b_;
  Scalar* c_;
  bool overwrite_;
  Workspace& space_;
  std::optional<Scalar> background_;
  bool packed_ = false;   // A's tiles are copied
  bool by_rows_ = false;  // the threads share out C's rows
  Index tiles_ = (a_.rows + tile_rows - 1) / tile_rows;
  Index panels_ = (b_.cols + kernel_.tile_cols - 1) / kernel_.tile_cols;
  Index blocks_ = std::max<Index>(1, (a_.cols + max_depth - 1) / max_depth);
  Index depth_ = (a_.cols + blocks_ - 1) / blocks_;
  Index block_tiles_ =
      std::max<Index>(1, block_bytes / (depth_ * tile_rows * static_cast<Index>(sizeof(Scalar))));
  Index panel_size_ = (depth_ + 1) * kernel_.tile_cols;
  Index slots_ = 0;  // panels that there is room for, for each thread if they are not shared
};

}  // namespace

std::span<const Kernel* const> kernels() {
#ifdef __x86_64__
  static constexpr std::array all{&portable_kernel, &x86_64_v3_kernel, &x86_64_v4_kernel};
#else
  static constexpr std::array all{&portable_kernel};
#endif
  return all;
}

const Kernel& best_kernel() {
  static const Kernel& best = []() -> const Kernel& {
    const Kernel* found = &portable_kernel;
    for (const Kernel* kernel : kernels())
      if (kernel->runs_here()) found = kernel;
    return *found;
  }();
  return best;
}

void multiply_by(const Kernel& kernel, const MatrixView& a, const MatrixView& b, Scalar* c,
                 bool overwrite) {
  if (a.rows == 0 || b.cols == 0) return;
  if (a.cols == 0) {
    if (overwrite) std::fill_n(c, a.rows * b.cols, Scalar{0});
    return;
  }
  thread_local Workspace space;
  const SharedWork shared(a.rows * b.cols * a.cols / products_per_element);
  const Index threads = shared.threads();
  const Product product(kernel, a, b, c, overwrite, threads, space);
  if (threads == 1) {
    product.run(0, 1);
    return;
  }
#pragma omp parallel num_threads(shared.threads())
  product.run(omp_get_thread_num(), omp_get_num_threads());
}

void multiply(const MatrixView& a, const MatrixView& b, Scalar* c, bool overwrite) {
  multiply_by(best_kernel(), a, b, c, overwrite);
}

bool same_bits_on_any_threads() {
  return true;
}

std::string product_library() {
  return best_kernel().fused ? "Anneal" : "Anneal, without fused multiply-adds";
}

}  // namespace anneal::nn
