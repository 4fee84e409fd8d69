#include "apps/compare/page_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr std::size_t colours = 8;  // of Okabe and Ito; then dashes tell the series apart
constexpr std::size_t dashes = 4;
constexpr int wanted_ticks = 4;

std::vector<double> values_of(const std::vector<PlotRow>& rows, const std::vector<double>& fixed) {
  std::vector<double> values = fixed;
  const bool all = std::ranges::none_of(rows, &PlotRow::stretches);
  for (const PlotRow& row : rows) {
    if (!row.stretches && !all) continue;
    values.insert(values.end(), row.dots.begin(), row.dots.end());
    values.insert(values.end(), {row.mark, row.span.low, row.span.high});
  }
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  return values;
}

}  // namespace

PlotColumn::PlotColumn(const std::vector<PlotRow>& rows, Scale::Kind kind,
                       const std::vector<double>& fixed)
    : scale_(fit(values_of(rows, fixed), kind, Scale::Ends::exact, wanted_ticks)),
      has_zero_(std::ranges::find(fixed, 0.0) != fixed.end()) {}

double PlotColumn::at(double value) const {
  return 4.0 + 92.0 * scale_(value);
}

std::string PlotColumn::head() const {
  std::string svg = R"(<svg class="plot axis" aria-hidden="true">)";
  for (const Tick& tick : scale_.ticks())
    svg += fmt::format(R"(<text x="{:.2f}%" y="11">{}</text>)", at(tick.value), tick.text);
  return svg + "</svg>";
}

std::string PlotColumn::cell(const PlotRow& row) const {
  std::string svg =
      fmt::format(R"(<svg class="plot" role="img" aria-label="{}">)", escape_markup(row.label));
  for (const Tick& tick : scale_.ticks())
    svg += fmt::format(R"(<line class="grid{1}" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="26"/>)",
                       at(tick.value), has_zero_ && tick.value == 0.0 ? " zero" : "");
  svg += fmt::format(R"(<g class="{}">)", series_classes(row.series));
  if (std::isfinite(row.mark) && (scale_(row.mark) < 0.0 || scale_(row.mark) > 1.0))
    return svg + (scale_(row.mark) < 0.0
                      ? R"(<text class="lost" x="1%" y="18">‹</text></g></svg>)"
                      : R"(<text class="lost" x="99%" y="18">›</text></g></svg>)");
  if (std::isfinite(row.span.low) && std::isfinite(row.span.high))
    svg += fmt::format(R"(<line class="span" x1="{:.2f}%" x2="{:.2f}%" y1="13" y2="13"/>)",
                       at(row.span.low), at(row.span.high));
  for (const double dot : row.dots)
    svg += std::isfinite(dot)
               ? fmt::format(R"(<circle class="dot" cx="{:.2f}%" cy="13" r="3"/>)", at(dot))
               : std::string(R"(<text class="lost" x="100%" y="18">×</text>)");
  if (std::isfinite(row.mark))
    svg += fmt::format(R"(<circle class="mark" cx="{:.2f}%" cy="13" r="4.5"/>)", at(row.mark));
  return svg + "</g></svg>";
}

std::string series_classes(std::size_t series) {
  return fmt::format("s{} d{}", series % colours, series / colours % dashes);
}

std::string swatch(std::size_t series) {
  return fmt::format(R"(<svg class="swatch {}" aria-hidden="true"><line x1="0" x2="24" y1="5" )"
                     R"(y2="5"/></svg>)",
                     series_classes(series));
}

}  // namespace anneal::apps
