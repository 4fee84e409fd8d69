#pragma once
#include <array>
#include <vector>

#include "datasets/geometry.h"

namespace anneal::datasets {

/// A line of the pen through control points: a smooth curve, or straight from one to the next. The
/// unit square holds the digit, y pointing down.
struct Stroke {
  bool smooth;
  std::vector<Point> points;
};
using Glyph = std::vector<Stroke>;

/// The ways in which people write each digit, from 0 to 9.
const std::array<std::vector<Glyph>, 10>& digit_glyphs();

}  // namespace anneal::datasets
