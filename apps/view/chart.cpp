#include "apps/view/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "apps/view/scale.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr std::string_view ascii_markers = "*o+x#@%&";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
// Okabe and Ito's colours as the nearest of the 256 of a terminal, readable on dark and light.
constexpr std::array colours = {32, 166, 36, 175, 178, 74};

char marker(std::size_t series, bool unicode) {
  const std::string_view markers = unicode ? letters : ascii_markers;
  return markers[series % markers.size()];
}

std::string paint(std::string_view text, std::size_t series, bool colour) {
  if (!colour) return std::string(text);
  return fmt::format("\x1b[38;5;{}m{}\x1b[0m", colours.at(series % colours.size()), text);
}

// The plot: character cells of 2 x 4 braille dots, or of one ASCII marker.
class Canvas {
 public:
  Canvas(int columns, int rows, bool unicode)
      : columns_(columns), rows_(rows), unicode_(unicode), cells_(count(columns * rows)) {}

  void draw(std::size_t index, const Series& series, const Scale& x, const Scale& y) {
    const int right = columns_ * dots_across() - 1;
    const int bottom = rows_ * dots_down() - 1;
    bool connected = false;
    int last_x = 0;
    int last_y = 0;
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      if (!x.holds(series.x[i]) || !y.holds(series.y[i])) {
        connected = false;
        continue;
      }
      const int dot_x = static_cast<int>(std::lround(x(series.x[i]) * right));
      const int dot_y = static_cast<int>(std::lround((1.0 - y(series.y[i])) * bottom));
      if (connected) {
        line(index, last_x, last_y, dot_x, dot_y);
      } else {
        dot(index, dot_x, dot_y);
      }
      connected = true;
      last_x = dot_x;
      last_y = dot_y;
    }
  }

  // Writes each series' letter onto its curve now and then, the letters side by side; onto a single
  // point first of all.
  void mark(std::span<const Series> series) {
    for (std::size_t s = 0; s < series.size(); ++s) {
      if (series[s].x.size() != 1) continue;
      for (Cell& cell : cells_)
        if ((cell.visitors & bit(s)) != 0) write(cell, s);
    }
    const std::size_t series_count = series.size();
    const int stride = std::max(16, 4 * static_cast<int>(series_count));
    for (std::size_t s = 0; s < series_count; ++s) {
      const int first = 2 + static_cast<int>(s) * stride / static_cast<int>(series_count);
      for (int column = first; column < columns_; column += stride) {
        std::vector<Cell*> free;  // the curve in this column; its middle is its likeliest place
        for (int row = 0; row < rows_; ++row) {
          Cell& cell = at(column, row);
          if (cell.letter == 0 && (cell.visitors & bit(s)) != 0) free.push_back(&cell);
        }
        if (free.empty()) continue;
        write(*free[free.size() / 2], s);
      }
    }
  }

  std::string row_text(int row, bool colour) const {
    std::string out;
    for (int column = 0; column < columns_; ++column) {
      const Cell& cell = at(column, row);
      out += cell.visitors == 0 ? " " : paint(glyph(cell), cell.owner, colour);
    }
    return out;
  }

 private:
  struct Cell {
    unsigned dots = 0;
    char letter = 0;
    std::size_t owner = 0;       // the series drawn last
    std::uint64_t visitors = 0;  // a bit for each series drawn here
  };

  static std::uint64_t bit(std::size_t series) {
    return std::uint64_t{1} << std::min<std::size_t>(series, 63);
  }
  static void write(Cell& cell, std::size_t series) {
    cell.letter = marker(series, true);
    cell.owner = series;
  }
  static std::size_t count(int n) { return static_cast<std::size_t>(n); }
  int dots_across() const { return unicode_ ? 2 : 1; }
  int dots_down() const { return unicode_ ? 4 : 1; }
  Cell& at(int column, int row) { return cells_[count(row * columns_ + column)]; }
  const Cell& at(int column, int row) const { return cells_[count(row * columns_ + column)]; }

  void dot(std::size_t index, int x, int y) {
    // Braille dots 1 2 3 7 run down the left of a cell, 4 5 6 8 down the right.
    constexpr std::array<std::array<unsigned, 4>, 2> bits = {{{0, 1, 2, 6}, {3, 4, 5, 7}}};
    Cell& cell = at(x / dots_across(), y / dots_down());
    if (unicode_) cell.dots |= 1U << bits.at(count(x % 2)).at(count(y % 4));
    cell.owner = index;
    cell.visitors |= bit(index);
  }

  void line(std::size_t index, int x0, int y0, int x1, int y1) {
    const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
    for (int i = 0; i <= steps; ++i) {
      const double share = static_cast<double>(i) / steps;
      dot(index, x0 + static_cast<int>(std::lround(share * (x1 - x0))),
          y0 + static_cast<int>(std::lround(share * (y1 - y0))));
    }
  }

  std::string glyph(const Cell& cell) const {
    if (cell.letter != 0) return {cell.letter};
    if (!unicode_) return {marker(cell.owner, false)};
    // U+2800 + dots, in UTF-8.
    return {'\xE2', static_cast<char>(0xA0U | cell.dots >> 6U),
            static_cast<char>(0x80U | (cell.dots & 0x3FU))};
  }

  int columns_;
  int rows_;
  bool unicode_;
  std::vector<Cell> cells_;
};

// The y label and the legend: as few lines as hold them.
std::vector<std::string> header(std::span<const Series> series, const ChartOptions& options,
                                int width) {
  std::vector<std::string> lines;
  if (!options.title.empty()) {
    lines.push_back(shorten(printable(options.title, options.unicode), width, options.unicode));
  }
  std::string line = shorten(printable(options.y_label, options.unicode), width, options.unicode);
  int used = columns_of(line);
  for (std::size_t s = 0; series.size() > 1 && s < series.size(); ++s) {
    const std::string name =
        shorten(printable(series[s].name, options.unicode), width - 4, options.unicode);
    const int gap = used == 0 ? 0 : 3;
    if (used + gap + columns_of(name) + 2 > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (used > 0) line.append(3, ' ');
    line += paint(fmt::format("{} {}", marker(s, options.unicode), name), s, options.colour);
    used += (used == 0 ? 0 : 3) + columns_of(name) + 2;
  }
  if (used > 0) lines.push_back(std::move(line));
  return lines;
}

// The x axis below a plot of `columns` columns, and the numbers under it.
std::vector<std::string> x_axis(const Scale& x, int columns, int margin,
                                const ChartOptions& options) {
  const auto place = [&](double value) {
    return static_cast<int>(std::lround(x(value) * (columns - 1)));
  };
  std::vector<bool> ticked(static_cast<std::size_t>(columns), false);
  std::string numbers(static_cast<std::size_t>(margin + 1), ' ');
  int end = 0;  // of the last number
  for (const Tick& tick : x.ticks()) {
    const int length = static_cast<int>(tick.text.size());
    const int begin =
        std::clamp(place(tick.value) + margin + 1 - length / 2, 0, columns + margin + 1 - length);
    if (end > 0 && begin < end + 2) continue;
    ticked[static_cast<std::size_t>(place(tick.value))] = true;
    numbers.resize(static_cast<std::size_t>(begin), ' ');
    numbers += tick.text;
    end = begin + length;
  }
  std::string rule(static_cast<std::size_t>(margin), ' ');
  rule += options.unicode ? "└" : "+";
  for (const bool tick : ticked) {
    rule += options.unicode ? (tick ? "┬" : "─") : (tick ? "+" : "-");
  }
  std::vector<std::string> lines = {std::move(rule), std::move(numbers)};
  if (!options.x_label.empty()) {
    const std::string label =
        shorten(printable(options.x_label, options.unicode), columns, options.unicode);
    const int indent = margin + 1 + (columns - columns_of(label)) / 2;
    lines.push_back(std::string(static_cast<std::size_t>(indent), ' ') + label);
  }
  return lines;
}

}  // namespace

std::string terminal_chart(std::span<const Series> series, const ChartOptions& options) {
  check(series);
  const int width = std::max(options.width, 30);
  const auto kind = [](bool log) { return log ? Scale::Kind::logarithmic : Scale::Kind::linear; };
  const Points points = drawable(series, kind(options.log_y), kind(options.log_x));

  std::vector<std::string> lines = header(series, options, width);
  const int below = options.x_label.empty() ? 2 : 3;
  const int rows =
      std::max(std::max(options.height, 8) - static_cast<int>(lines.size()) - below, 3);
  const Scale y =
      fit(points.y, kind(options.log_y), Scale::Ends::rounded, std::clamp(rows / 3, 2, 8));
  std::size_t margin = 0;
  for (const Tick& tick : y.ticks()) margin = std::max(margin, tick.text.size());
  ++margin;
  const int columns = width - static_cast<int>(margin) - 1;
  const Scale x = fit(points.x, kind(options.log_x), Scale::Ends::exact, columns / 12);

  Canvas canvas(columns, rows, options.unicode);
  for (std::size_t s = 0; s < series.size(); ++s) canvas.draw(s, series[s], x, y);
  if (options.unicode && series.size() > 1) canvas.mark(series);

  std::vector<std::string> numbers(static_cast<std::size_t>(rows));
  for (const Tick& tick : y.ticks()) {
    const double down = 1.0 - y(tick.value);
    numbers[static_cast<std::size_t>(std::lround(down * (rows - 1)))] = tick.text;
  }
  for (int row = 0; row < rows; ++row) {
    const std::string& number = numbers[static_cast<std::size_t>(row)];
    const std::string_view edge =
        options.unicode ? (number.empty() ? "│" : "┤") : (number.empty() ? "|" : "+");
    lines.push_back(
        fmt::format("{:>{}} {}{}", number, margin - 1, edge, canvas.row_text(row, options.colour)));
  }
  if (points.y.empty()) {
    lines[lines.size() - static_cast<std::size_t>(rows) / 2 - 1].replace(
        margin + (options.unicode ? 3 : 1), std::string::npos, "  no points to draw");
  }
  for (std::string& line : x_axis(x, columns, static_cast<int>(margin), options)) {
    lines.push_back(std::move(line));
  }
  std::string out;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace anneal::apps
