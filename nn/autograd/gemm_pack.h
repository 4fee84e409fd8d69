// A part of a kernel, and of those files alone: its vectors, and how factors are copied, so that a
// tile finds them side by side.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include "nn/autograd/gemm_kernel.h"

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
constexpr Index lanes = vector_bytes / static_cast<Index>(sizeof(Scalar));
constexpr Index tile_cols = tile_vectors * lanes;

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

/// The whole panels of a b that is not transposed are copied row by row, as it lies in memory.
void pack_panels(const MatrixView& b, Index first_k, Index depth, Index first_col, Index cols,
                 Index panel_size, Scalar* panels) {
  const Index together = b.transposed ? 0 : cols / tile_cols;
  for (Index k = 0; k < depth && together > 0; ++k) {
    const Scalar* const row = b.data + (first_k + k) * b.stride + first_col;
    for (Index panel = 0; panel < together; ++panel)
      std::memcpy(panels + panel * panel_size + k * tile_cols, row + panel * tile_cols,
                  tile_cols * sizeof(Scalar));
  }
  for (Index panel = together; panel * tile_cols < cols; ++panel)
    pack_panel(b, first_k, depth, first_col + panel * tile_cols,
               std::min(tile_cols, cols - panel * tile_cols), panels + panel * panel_size);
}

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

void pack_tile(const MatrixView& a, const Index row, const Index rows, const Index first_k,
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

/// list_tile for any tile. Without a branch, which nobody could predict: each k is written, and
/// stays if it counts.
Index list_any(const MatrixView& a, Index row, Index rows, Index first_k, Index depth,
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

Index list_tile(const MatrixView& a, Index row, Index rows, Index first_k, Index depth,
                Scalar background, Scalar* values, std::uint32_t* ks) {
  if (rows < tile_rows || depth < lanes)
    return list_any(a, row, rows, first_k, depth, background, values, ks);
  return a.transposed ? list_columns(a, row, first_k, depth, background, values, ks)
                      : list_rows(a, row, first_k, depth, background, values, ks);
}

}  // namespace
}  // namespace anneal::nn
