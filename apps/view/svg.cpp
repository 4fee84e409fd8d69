#include "apps/view/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>

#include "apps/view/scale.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr double digit_width = 7.0;    // of 12 px text, about
constexpr double letter_width = 7.5;   // the widest sans-serif in use here needs no more
constexpr double label_height = 17.0;  // of one direct label, so that none touches the next
constexpr int longest_label = 28;      // letters
constexpr std::size_t colour_count = 6;

// Colours live in the style, so that a dark page gets lighter ones; every rule begins with the
// chart's class, so that a chart pasted into a page leaves the page alone.
constexpr std::string_view style = R"(<style>
.anneal-chart { --back: #ffffff; --text: #1b1f24; --faint: #57606a; --grid: #d8dee4;
  --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #cc79a7; --c4: #e69f00; --c5: #56b4e9; }
@media (prefers-color-scheme: dark) {
  .anneal-chart { --back: #14181d; --text: #e6edf3; --faint: #9aa4af; --grid: #2d333b;
    --c0: #56b4e9; --c1: #f0813a; --c2: #2cc79b; --c3: #e0a0c4; --c4: #f0b429; --c5: #3f8fd0; } }
.anneal-chart text { font: 12px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--faint); }
.anneal-chart .title { font-size: 15px; font-weight: 600; fill: var(--text); }
.anneal-chart .name { font-size: 13px; fill: var(--text); }
.anneal-chart .grid { stroke: var(--grid); }
.anneal-chart .axis { stroke: var(--faint); }
.anneal-chart .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.anneal-chart .lead { fill: none; stroke-width: 1; opacity: 0.6; }
</style>
)";

// Where the plot lies in the picture.
struct Frame {
  double left = 0.0;
  double right = 0.0;
  double top = 0.0;
  double bottom = 0.0;

  double x(double share) const { return left + share * (right - left); }
  double y(double share) const { return bottom - share * (bottom - top); }
};

// The path of a curve; a point between two gaps becomes a dot, by the round cap of its line.
std::string path_of(const Series& series, const Scale& x, const Scale& y, Scale::Kind kind,
                    const Frame& frame) {
  std::string path;
  bool connected = false;
  const auto columns = static_cast<std::size_t>(frame.right - frame.left);
  for (const std::size_t i : thin(series.x, series.y, columns)) {
    if (!Scale::holds(series.y[i], kind)) {
      connected = false;
      continue;
    }
    const double px = frame.x(x(series.x[i]));
    const double py = frame.y(y(series.y[i]));
    path += fmt::format("{}{:.1f} {:.1f}{}", connected ? 'L' : 'M', px, py, connected ? "" : "h0");
    connected = true;
  }
  return path;
}

// A name beside the right end of its curve.
struct Label {
  std::size_t series;
  std::optional<std::pair<double, double>> end;  // of the curve, if it has one
  double y;                                      // of the name's middle
};

// Moves labels apart, as little as it takes, without leaving the frame.
void spread(std::vector<Label>& labels, const Frame& frame) {
  std::ranges::stable_sort(labels, {}, &Label::y);
  double least = frame.top;
  for (Label& label : labels) {
    label.y = std::max(label.y, least);
    least = label.y + label_height;
  }
  double most = frame.bottom;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    label->y = std::min(label->y, most);
    most = label->y - label_height;
  }
}

std::vector<Label> place_labels(std::span<const Series> series, const Scale& x, const Scale& y,
                                Scale::Kind kind, const Frame& frame) {
  std::vector<Label> labels;
  for (std::size_t s = 0; s < series.size(); ++s) {
    Label label = {s, {}, frame.bottom};
    for (std::size_t i = series[s].x.size(); i-- > 0;) {
      if (!Scale::holds(series[s].y[i], kind)) continue;
      label.end = {frame.x(x(series[s].x[i])), frame.y(y(series[s].y[i]))};
      label.y = label.end->second;
      break;
    }
    labels.push_back(label);
  }
  spread(labels, frame);
  return labels;
}

std::string colour_of(std::size_t series) {
  return fmt::format("var(--c{})", series % colour_count);
}

std::string dash_of(std::size_t series) {
  constexpr std::array dashes = {"", " stroke-dasharray=\"7 5\"", " stroke-dasharray=\"2 5\""};
  return dashes.at(series / colour_count % dashes.size());
}

// Writes the picture's elements one after the other.
class Svg {
 public:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void draw_axes(Svg& svg, const Scale& x, const Scale& y, const Frame& frame,
               const SvgOptions& options) {
  for (const Tick& tick : y.ticks()) {
    const double at = frame.y(y(tick.value));
    svg.add("<path class=\"grid\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n", frame.left, at, frame.right);
    svg.add("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", frame.left - 8,
            at + 4, tick.text);
  }
  svg.add("<path class=\"axis\" d=\"M{:.1f} {:.1f}H{:.1f}\"/>\n", frame.left, frame.bottom,
          frame.right);
  for (const Tick& tick : x.ticks()) {
    const double at = frame.x(x(tick.value));
    svg.add("<path class=\"axis\" d=\"M{:.1f} {:.1f}v4\"/>\n", at, frame.bottom);
    svg.add("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", at,
            frame.bottom + 18, tick.text);
  }
  if (!options.x_label.empty()) {
    svg.add("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", frame.x(0.5),
            frame.bottom + 36, escape_markup(options.x_label));
  }
  if (!options.y_label.empty()) {
    svg.add("<text x=\"12\" y=\"{:.1f}\">{}</text>\n", frame.top - 12,
            escape_markup(options.y_label));
  }
}

void draw_labels(Svg& svg, std::span<const Series> series, const std::vector<Label>& labels,
                 const Frame& frame) {
  for (const Label& label : labels) {
    const double x = frame.right + 14;
    if (label.end) {
      svg.add("<path class=\"lead\" stroke=\"{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n",
              colour_of(label.series), label.end->first, label.end->second, x, label.y);
    }
    svg.add("<path class=\"curve\" stroke=\"{}\"{} d=\"M{:.1f} {:.1f}h16\"/>\n",
            colour_of(label.series), dash_of(label.series), x, label.y);
    svg.add("<text class=\"name\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", x + 22, label.y + 4.5,
            escape_markup(shorten(series[label.series].name, longest_label, true)));
  }
}

}  // namespace

std::string svg_chart(std::span<const Series> series, const SvgOptions& options) {
  check(series);
  const auto kind = options.log_y ? Scale::Kind::logarithmic : Scale::Kind::linear;
  const Points points = drawable(series, kind);
  int longest = 0;
  for (const Series& one : series) {
    longest = std::max(longest, std::min(columns_of(one.name), longest_label));
  }

  const bool named = series.size() > 1;
  const double names_height = named ? label_height * static_cast<double>(series.size() - 1) : 0.0;
  const double above =
      (options.title.empty() ? 0.0 : 30.0) + (options.y_label.empty() ? 16.0 : 32.0);
  const double below = options.x_label.empty() ? 32.0 : 48.0;
  const double width = std::max(options.width, 240);
  const double height =
      std::max<double>(std::max(options.height, 160), names_height + above + below);
  const double names_width = named ? 44.0 + letter_width * longest : 20.0;

  const Scale y =
      fit(points.y, kind, Scale::Ends::rounded, static_cast<int>((height - above - below) / 48));
  std::size_t number_length = 0;
  for (const Tick& tick : y.ticks()) number_length = std::max(number_length, tick.text.size());
  const double left = 20.0 + digit_width * static_cast<double>(number_length);
  const Frame frame = {.left = left,
                       .right = std::max(width - names_width, left + 80.0),
                       .top = above,
                       .bottom = height - below};
  const Scale x = fit(points.x, Scale::Kind::linear, Scale::Ends::exact,
                      static_cast<int>((frame.right - frame.left) / 80));

  const std::string& description =
      options.description.empty() ? options.title : options.description;
  Svg svg;
  svg.add(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"anneal-chart\" viewBox=\"0 0 {0} {1}\" "
      "width=\"{0}\" height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n{3}",
      std::max(width, frame.right + names_width), height, escape_markup(description), style);
  svg.add("<rect width=\"100%\" height=\"100%\" fill=\"var(--back)\"/>\n");
  if (!options.title.empty()) {
    svg.add("<text class=\"title\" x=\"12\" y=\"26\">{}</text>\n", escape_markup(options.title));
  }
  draw_axes(svg, x, y, frame, options);
  for (std::size_t s = 0; s < series.size(); ++s) {
    svg.add("<path class=\"curve\" stroke=\"{}\"{} d=\"{}\"/>\n", colour_of(s), dash_of(s),
            path_of(series[s], x, y, kind, frame));
  }
  if (points.y.empty()) {
    svg.add("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">no points to draw</text>\n",
            frame.x(0.5), frame.y(0.5));
  }
  if (named) draw_labels(svg, series, place_labels(series, x, y, kind, frame), frame);
  svg.add("</svg>\n");
  return svg.take();
}

}  // namespace anneal::apps
