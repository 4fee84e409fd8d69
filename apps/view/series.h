#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace anneal::apps {

/// One curve: the points (x[i], y[i]), x finite and not falling. It breaks where y is not finite.
struct Series {
  std::string name = {};
  std::vector<double> x = {};
  std::vector<double> y = {};
};

/// Throws std::invalid_argument unless each series has as many x as y, and x as it should be.
void check(std::span<const Series> series);

/// The indices, rising, of the points that a drawing `columns` wide needs to look as if all were
/// drawn: in each column the first, the lowest, the highest and the last finite point, and one
/// that is not finite where the curve breaks.
std::vector<std::size_t> thin(std::span<const double> x, std::span<const double> y,
                              std::size_t columns);

}  // namespace anneal::apps
