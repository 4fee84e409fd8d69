#pragma once
#include <string>
#include <vector>

#include "apps/compare/statistics.h"
#include "apps/view/scale.h"

/// Small drawings that stand in the cells of a table, in SVG: a column of them shares one axis.
namespace anneal::apps {

/// What is drawn of one contestant: `series` is its number, which decides its colour.
struct PlotRow {
  std::size_t series = 0;
  std::vector<double> dots = {};  ///< faint, one for each seed
  double mark = 0.0;              ///< the mean, or the best; not drawn unless finite
  Interval span = {};             ///< a line from low to high; none unless finite
  std::string label = {};         ///< what a screen reader says
  /// Whether the axis must hold it; if not, and it does not, there is an arrow at the edge.
  bool stretches = true;
};

/// A column of plots on an axis that fits all of them. What is not finite, a trial that diverged,
/// is a cross at the right edge.
class PlotColumn {
 public:
  /// `fixed` are further values that the axis must hold, such as 0.
  PlotColumn(const std::vector<PlotRow>& rows, Scale::Kind kind,
             const std::vector<double>& fixed = {});

  /// Ticks with their texts, for the column's head.
  std::string head() const;
  /// One row; with a heavier line at `zero` if the axis holds it.
  std::string cell(const PlotRow& row) const;

 private:
  double at(double value) const;  ///< percent from the left

  Scale scale_;
  bool has_zero_;
};

/// The line that stands for a contestant beside its name.
std::string swatch(std::size_t series);

/// The CSS classes of a contestant's colour and dashes.
std::string series_classes(std::size_t series);

}  // namespace anneal::apps
