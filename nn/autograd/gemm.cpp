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
#include <bit>
#include <cstring>
#include <optional>
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
constexpr Index max_depth = 400;   // k's in a block: a panel of them, 25 KB, fits the first cache
constexpr Index block_tiles = 16;  // and so many tiles of A the second

using Vector = Scalar __attribute__((vector_size(vector_bytes)));
/// From and to any address.
Vector load(const Scalar* from) {
  Vector v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
void store(const Vector& v, Scalar* to) {
  std::memcpy(to, &v, sizeof v);
}

/// A stretch of [0, n) for one thread of several.
struct Share {
  Share(Index n, Index thread, Index threads)
      : begin(n * thread / threads), end(n * (thread + 1) / threads) {}
  Index begin;
  Index end;
};

/// Two rows of 2 x 2 blocks, each of distance x distance lanes: exchanges the blocks off the
/// diagonal.
template <Index Distance, Index... Lane>
void exchange(Vector& a, Vector& b, std::integer_sequence<Index, Lane...> /*lanes*/) {
  const Vector low =
      __builtin_shufflevector(a, b, ((Lane & Distance) == 0 ? Lane : lanes + Lane - Distance)...);
  b = __builtin_shufflevector(a, b, ((Lane & Distance) == 0 ? Lane + Distance : lanes + Lane)...);
  a = low;
}

/// Lane i of vector j becomes lane j of vector i, in registers: first numbers change places within
/// blocks of 2 x 2, then blocks of 2 x 2 within those of 4 x 4, and so on.
template <Index Distance = 1>
void transpose(std::array<Vector, lanes>& square) {
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i)
    if ((i & Distance) == 0)
      exchange<Distance>(square[i], square[i + Distance],
                         std::make_integer_sequence<Index, lanes>());
  if constexpr (2 * Distance < lanes) transpose<2 * Distance>(square);
}

/// panel[k][j] = b(first_k + k, first_col + j), zero beyond b's last column.
void pack_panel(const MatrixView b, const Index first_k, const Index depth, const Index first_col,
                const Index cols, Scalar* const panel) {
  const Index width = (cols + lanes - 1) / lanes * lanes;
  if (cols < width) std::fill_n(panel, depth * width, Scalar{0});
  if (!b.transposed) {
    for (Index k = 0; k < depth; ++k)
      std::copy_n(b.data + (first_k + k) * b.stride + first_col, cols, panel + k * width);
    return;
  }
  const Index whole_k = depth / lanes * lanes;
  const Index whole_cols = cols / lanes * lanes;
  const Scalar* const from = b.data + first_col * b.stride + first_k;
  for (Index j = 0; j < whole_cols; j += lanes)
    for (Index k = 0; k < whole_k; k += lanes) {
      std::array<Vector, lanes> square;
      for (Index i = 0; i < lanes; ++i)
        square[static_cast<std::size_t>(i)] = load(from + (j + i) * b.stride + k);
      transpose(square);
      for (Index i = 0; i < lanes; ++i)
        *reinterpret_cast<Vector*>(panel + (k + i) * width + j) =
            square[static_cast<std::size_t>(i)];
    }
  for (Index j = 0; j < cols; ++j)
    for (Index k = j < whole_cols ? whole_k : 0; k < depth; ++k)
      panel[k * width + j] = from[j * b.stride + k];
}

/// The same for whole panels `first` to `last` of a b that is not transposed, row by row, as it
/// lies in memory.
void pack_panels(const MatrixView b, const Index first_k, const Index depth, const Index first,
                 const Index last, const Index panel_size, Scalar* const panels) {
  for (Index k = 0; k < depth; ++k) {
    const Scalar* const row = b.data + (first_k + k) * b.stride;
    for (Index panel = first; panel < last; ++panel)
      std::memcpy(panels + panel * panel_size + k * tile_cols, row + panel * tile_cols,
                  tile_cols * sizeof(Scalar));
  }
}

/// The sum of each of a panel's columns, behind its last k.
void sum_columns(Index depth, Index width, Scalar* panel) {
  for (Index j = 0; j < width; j += lanes) {
    Vector even = {};
    Vector odd = {};
    const Scalar* b = panel + j;
    for (Index k = 0; k + 1 < depth; k += 2, b += 2 * width) {
      even += *reinterpret_cast<const Vector*>(b);
      odd += *reinterpret_cast<const Vector*>(b + width);
    }
    if (depth % 2 == 1) even += *reinterpret_cast<const Vector*>(b);
    *reinterpret_cast<Vector*>(panel + depth * width + j) = even + odd;
  }
}

/// What a tile of C is the sum of: a(r, k) for the rows of the tile and for those k's of a block
/// that count.
struct Terms {
  const Scalar* a;          ///< of the first row and the first k
  Index row_step;           ///< from one row to the next
  Index k_step;             ///< from one k to the next
  const std::uint32_t* ks;  ///< which k's, if not all
  Index count;              ///< how many
};

/// Copies a tile of A, tile_rows numbers for each k. Rows beyond the last repeat it: what
/// becomes of them is never stored.
void pack_tile(const MatrixView a, const Index row, const Index rows, const Index first_k,
               const Index depth, Scalar* const values) {
  const Index row_step = a.transposed ? 1 : a.stride;
  const Index k_step = a.transposed ? a.stride : 1;
  const Scalar* const first = a.data + row * row_step + first_k * k_step;
  if (a.transposed && rows == tile_rows)
    for (Index k = 0; k < depth; ++k)
      std::memcpy(values + k * tile_rows, first + k * k_step, tile_rows * sizeof(Scalar));
  else
    for (Index r = 0; r < tile_rows; ++r) {
      const Scalar* const from = first + std::min(r, rows - 1) * row_step;
      for (Index k = 0; k < depth; ++k) values[k * tile_rows + r] = from[k * k_step];
    }
}

/// The same for the k's at which one of the rows differs from the background, which is subtracted.
/// Lists them, and returns how many there are. Without a branch, which nobody could predict: each k
/// is written, and stays if it counts.
Index list_tile(const MatrixView& a, Index row, Index rows, Index first_k, Index depth,
                Scalar background, Scalar* values, std::uint32_t* ks) {
  const Index row_step = a.transposed ? 1 : a.stride;
  const Index k_step = a.transposed ? a.stride : 1;
  const Scalar* const first = a.data + row * row_step + first_k * k_step;
  Index count = 0;
  for (Index k = 0; k < depth; ++k) {
    bool differs = false;
    for (Index r = 0; r < rows; ++r) differs |= first[r * row_step + k * k_step] != background;
    for (Index r = 0; r < tile_rows; ++r)
      values[count * tile_rows + r] =
          first[std::min(r, rows - 1) * row_step + k * k_step] - background;
    ks[count] = static_cast<std::uint32_t>(k);
    count += differs ? 1 : 0;
  }
  return count;
}

/// The same where the rows of a whole tile lie side by side in memory.
Index list_columns(const MatrixView& a, Index row, Index first_k, Index depth, Scalar background,
                   Scalar* values, std::uint32_t* ks) {
  using Four = Scalar __attribute__((vector_size(4 * sizeof(Scalar))));
  using Two = Scalar __attribute__((vector_size(2 * sizeof(Scalar))));
  const Scalar* column = a.data + first_k * a.stride + row;
  Index count = 0;
  for (Index k = 0; k < depth; ++k, column += a.stride) {
    Four four;
    Two two;
    std::memcpy(&four, column, sizeof four);
    std::memcpy(&two, column + 4, sizeof two);
    const auto four_differ = four != background;
    const auto two_differ = two != background;
    std::array<std::uint64_t, sizeof(Four) / 8> bits{};
    std::array<std::uint64_t, sizeof(Two) / 8> more{};
    std::memcpy(&bits, &four_differ, sizeof bits);
    std::memcpy(&more, &two_differ, sizeof more);
    std::uint64_t differs = 0;
    for (const std::uint64_t word : bits) differs |= word;
    for (const std::uint64_t word : more) differs |= word;
    four -= background;
    two -= background;
    std::memcpy(values + count * tile_rows, &four, sizeof four);
    std::memcpy(values + count * tile_rows + 4, &two, sizeof two);
    ks[count] = static_cast<std::uint32_t>(k);
    count += differs != 0 ? 1 : 0;
  }
  return count;
}

/// The same where successive k's lie side by side.
Index list_rows(const MatrixView& a, Index row, Index first_k, Index depth, Scalar background,
                Scalar* values, std::uint32_t* ks) {
  static_assert(tile_rows == 6);
  const Scalar* const first = a.data + row * a.stride + first_k;
  Index count = 0;
  for (Index k0 = 0; k0 < depth; k0 += lanes) {
    const Index k1 = std::min(k0, depth - lanes);  // the last vector may repeat some
    const auto vector = [&](Index r) { return load(first + r * a.stride + k1) != background; };
    const auto differs = vector(0) | vector(1) | vector(2) | vector(3) | vector(4) | vector(5);
    std::array<std::make_signed_t<std::conditional_t<sizeof(Scalar) == 4, int, Index>>, lanes>
        flags;
    std::memcpy(flags.data(), &differs, sizeof flags);
    for (Index lane = k0 - k1; lane < lanes; ++lane) {
      ks[count] = static_cast<std::uint32_t>(k1 + lane);
      count -= flags[static_cast<std::size_t>(lane)];
    }
  }
  const Scalar* const second = first + a.stride;
  const Scalar* const third = second + a.stride;
  const Scalar* const fourth = third + a.stride;
  const Scalar* const fifth = fourth + a.stride;
  const Scalar* const sixth = fifth + a.stride;
  for (Index i = 0; i < count; ++i, values += tile_rows) {
    const Index k = ks[i];
    values[0] = first[k] - background;
    values[1] = second[k] - background;
    values[2] = third[k] - background;
    values[3] = fourth[k] - background;
    values[4] = fifth[k] - background;
    values[5] = sixth[k] - background;
  }
  return count;
}

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
