#pragma once

#include <span>
#include <string>

#include "apps/view/series.h"

namespace anneal::apps {

/// How a chart for the terminal looks.
struct ChartOptions {
  std::string title = {};
  std::string x_label = {};
  std::string y_label = {};
  int width = 80;       ///< columns of the whole chart; fewer than 30 are taken as 30
  int height = 20;      ///< rows of the whole chart; fewer than 8 are taken as 8
  bool colour = false;  ///< tell series apart by ANSI colours, besides by their markers
  bool unicode = true;  ///< braille dots; without it, ASCII alone
  bool log_x = false;   ///< logarithmic axes; points at or below 0 are then skipped
  bool log_y = false;
};

/// Line charts of all the series on common axes, as lines of text that each end with a newline.
/// Several series carry their letter (in ASCII: are drawn with their marker) and a legend says
/// which is which; one that is a single point is a letter. Throws std::invalid_argument as check()
/// does.
std::string terminal_chart(std::span<const Series> series, const ChartOptions& options);

}  // namespace anneal::apps
