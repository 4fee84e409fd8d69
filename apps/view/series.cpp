#include "apps/view/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/fail.h"

namespace anneal::apps {

void check(std::span<const Series> series) {
  for (const Series& one : series) {
    if (one.x.size() != one.y.size()) {
      fail(Fault::argument, fmt::format("series '{}' has {} x and {} y; they come in pairs",
                                        one.name, one.x.size(), one.y.size()));
    }
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      if (!std::isfinite(one.x[i]) || (i > 0 && one.x[i] < one.x[i - 1])) {
        fail(Fault::argument, fmt::format("series '{}': x[{}] is {}; x are finite and do not fall",
                                          one.name, i, one.x[i]));
      }
    }
  }
}

std::vector<std::size_t> thin(std::span<const double> x, std::span<const double> y,
                              std::size_t columns) {
  std::vector<std::size_t> kept;
  if (x.empty() || columns == 0) return kept;
  const double width = x.back() - x.front();
  const auto column = [&](std::size_t i) {
    const double share = width > 0.0 ? (x[i] - x.front()) / width : 0.0;
    return std::floor(share * static_cast<double>(columns));
  };
  const auto keep = [&](std::size_t i) {
    if (kept.empty() || kept.back() < i) kept.push_back(i);
  };
  for (std::size_t begin = 0; begin < x.size();) {
    if (!std::isfinite(y[begin])) {
      if (kept.empty() || std::isfinite(y[kept.back()])) keep(begin);
      ++begin;
      continue;
    }
    std::size_t lowest = begin;
    std::size_t highest = begin;
    std::size_t end = begin;
    for (; end < x.size() && std::isfinite(y[end]) && column(end) == column(begin); ++end) {
      if (y[end] < y[lowest]) lowest = end;
      if (y[end] > y[highest]) highest = end;
    }
    keep(begin);
    keep(std::min(lowest, highest));
    keep(std::max(lowest, highest));
    keep(end - 1);
    begin = end;
  }
  return kept;
}

}  // namespace anneal::apps
