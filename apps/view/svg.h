#pragma once

#include <span>
#include <string>

#include "apps/view/series.h"

namespace anneal::apps {

/// How an SVG chart looks; lengths in CSS pixels.
struct SvgOptions {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  std::string description = {};  ///< for those who do not see the picture; the title when empty
  int width = 720;               ///< fewer than 240 are taken as 240
  int height = 360;              ///< fewer than 160 are taken as 160; more when the labels need it
  bool log_y = false;            ///< logarithmic y axis; points at or below 0 are then skipped
};

/// A line chart as one SVG document, for light and dark surroundings. Several series bear their
/// names at their right ends; colours are Okabe and Ito's ("Color Universal Design", 2008), which
/// the colour-blind can tell apart, then the same ones dashed. Throws std::invalid_argument as
/// check() does.
std::string svg_chart(std::span<const Series> series, const SvgOptions& options);

}  // namespace anneal::apps
