#include "apps/view/sparkline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace anneal::apps {

std::string sparkline(std::span<const double> values, int width, bool unicode) {
  constexpr std::array blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::array shades = {"_", ".", ":", "-", "=", "+", "*", "#"};
  double low = 0.0;
  double high = -std::numeric_limits<double>::infinity();
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string out;
  for (int column = 0; column < width; ++column) {
    const auto edge = [&](int i) {
      return values.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(width);
    };
    const std::size_t begin = values.empty() ? 0 : std::min(edge(column), values.size() - 1);
    const std::size_t end = std::max(edge(column + 1), begin + 1);
    double mean = 0.0;
    for (std::size_t i = begin; i < end && i < values.size(); ++i) {
      mean += values[i] / static_cast<double>(end - begin);
    }
    if (values.empty() || !std::isfinite(mean)) {
      out += ' ';
      continue;
    }
    const double share = high > low ? (mean / 2 - low / 2) / (high / 2 - low / 2) : 0.0;
    const auto level = static_cast<std::size_t>(std::clamp(std::lround(share * 7), 0L, 7L));
    out += unicode ? blocks.at(level) : shades.at(level);
  }
  return out;
}

}  // namespace anneal::apps
