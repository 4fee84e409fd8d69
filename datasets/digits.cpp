#include "datasets/digits.h"

#include <algorithm>
#include <cmath>

#include "datasets/digit_strokes.h"
#include "nn/autograd/parallel.h"
#include "nn/autograd/random.h"

namespace anneal::datasets {
namespace {

constexpr int side = 28;
using Image = std::array<double, std::size_t{side} * side>;  // ink, 0 to 255
using Line = std::vector<Point>;

/// A field of displacements that varies slowly over the unit square: random at the corners of a
/// grid, bilinear in between. What Simard, Steinkraus & Platt ("Best Practices for Convolutional
/// Neural Networks", 2003) do to pixels, done to strokes.
class Bend {
 public:
  Bend(double strength, nn::Random& random) {
    for (auto& row : grid_)
      for (Point& p : row) p = strength * Point{random.normal(), random.normal()};
  }
  Point operator()(Point p) const {
    const auto [i, u] = cell(p.y);
    const auto [j, v] = cell(p.x);
    const auto mix = [](double t, Point a, Point b) { return (1.0 - t) * a + t * b; };
    return p + mix(u, mix(v, grid_[i][j], grid_[i][j + 1]),
                   mix(v, grid_[i + 1][j], grid_[i + 1][j + 1]));
  }

 private:
  static constexpr std::size_t cells = 3;
  static std::pair<std::size_t, double> cell(double x) {
    const double scaled = std::clamp(x, 0.0, 1.0) * cells;
    const auto i = std::min(static_cast<std::size_t>(scaled), cells - 1);
    return {i, scaled - static_cast<double>(i)};
  }
  std::array<std::array<Point, cells + 1>, cells + 1> grid_;
};

/// From the unit square to pixels: slant, turn, scale and move about the centre.
class Placement {
 public:
  explicit Placement(nn::Random& random)
      : turn_(direction(0.14 * random.normal())),
        slant_(0.12 + 0.25 * random.normal()),
        width_(random.uniform(11.0, 19.0)),
        height_(random.uniform(16.0, 22.0)),
        centre_{side / 2.0 + random.uniform(-2.5, 2.5), side / 2.0 + random.uniform(-2.5, 2.5)} {}

  Point operator()(Point p) const {
    const double y = height_ * (p.y - 0.5);
    const double x = width_ * (p.x - 0.5) - slant_ * y;
    return centre_ + Point{turn_.x * x - turn_.y * y, turn_.y * x + turn_.x * y};
  }

 private:
  Point turn_;
  double slant_, width_, height_;
  Point centre_;
};

/// The stroke as short straight pieces; a smooth one as a Catmull-Rom spline.
Line trace(const std::vector<Point>& p, bool smooth) {
  constexpr int pieces = 6;
  Line line{p.front()};
  for (std::size_t i = 0; i + 1 < p.size(); ++i) {
    const Point before = i == 0 ? p[i] : p[i - 1];
    const Point after = i + 2 < p.size() ? p[i + 2] : p[i + 1];
    for (int k = 1; k <= pieces; ++k) {
      const double t = static_cast<double>(k) / pieces;
      const Point straight = p[i] + t * (p[i + 1] - p[i]);
      const Point curved = 0.5 * (2.0 * p[i] + t * (p[i + 1] - before) +
                                  t * t * (2.0 * before - 5.0 * p[i] + 4.0 * p[i + 1] - after) +
                                  t * t * t * (3.0 * p[i] - before - 3.0 * p[i + 1] + after));
      line.push_back(smooth ? curved : straight);
    }
  }
  return line;
}

double distance(Point p, Point a, Point b) {
  const Point ab = b - a;
  const Point ap = p - a;
  const double length2 = ab.x * ab.x + ab.y * ab.y;
  const double t =
      length2 > 0.0 ? std::clamp((ap.x * ab.x + ap.y * ab.y) / length2, 0.0, 1.0) : 0.0;
  const Point d = ap - t * ab;
  return std::sqrt(d.x * d.x + d.y * d.y);
}

/// A pen whose ink fades from full to nothing over `softness` pixels, half of them inside its edge.
struct Pen {
  double radius;
  double softness;
  double ink;  ///< of 255
};

void draw(const Line& line, const Pen& pen, Image& image) {
  const double reach = pen.radius + pen.softness / 2.0;  // there is no ink further out
  const auto pixel = [](double x) { return std::clamp(static_cast<int>(x), 0, side - 1); };
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto [left, right] = std::minmax(line[i].x, line[i + 1].x);
    const auto [top, bottom] = std::minmax(line[i].y, line[i + 1].y);
    for (int y = pixel(top - reach); y <= pixel(bottom + reach); ++y)
      for (int x = pixel(left - reach); x <= pixel(right + reach); ++x) {
        const double d = distance({x + 0.5, y + 0.5}, line[i], line[i + 1]);
        const double ink = pen.ink * std::clamp(0.5 + (pen.radius - d) / pen.softness, 0.0, 1.0);
        double& there = image[static_cast<std::size_t>(y) * side + static_cast<std::size_t>(x)];
        there = std::max(there, ink);
      }
  }
}

void draw_digit(int digit, nn::Random& random, std::uint8_t* out) {
  const auto& ways = digit_glyphs()[static_cast<std::size_t>(digit)];
  const Glyph& glyph = ways[static_cast<std::size_t>(random.below(ways.size()))];
  const Bend bend(0.05, random);
  const Placement place(random);
  const Pen pen{random.uniform(0.7, 1.7), random.uniform(0.9, 1.8), random.uniform(190.0, 255.0)};
  Image image{};
  for (const Stroke& stroke : glyph) {
    std::vector<Point> points = stroke.points;
    for (Point& p : points) p = p + 0.02 * Point{random.normal(), random.normal()};
    Line line = trace(points, stroke.smooth);
    for (Point& p : line) p = place(bend(p));
    draw(line, pen, image);
  }
  for (std::size_t i = 0; i < image.size(); ++i)
    out[i] = static_cast<std::uint8_t>(std::lround(image[i]));
}

}  // namespace

Dataset digits(std::uint64_t seed, nn::Index count, std::uint64_t stream) {
  Dataset d;
  d.name = "digits";
  d.origin = "digits, generated";
  d.sample_shape = nn::Shape{side, side};
  d.classes = 10;
  d.bytes.resize(static_cast<std::size_t>(count) * side * side);
  d.labels.resize(static_cast<std::size_t>(count));
  const auto draw = [&](nn::Index begin, nn::Index end) {
    for (nn::Index i = begin; i < end; ++i) {
      nn::Random random(seed, nn::Purpose::samples, stream << 40U | static_cast<std::uint64_t>(i));
      const auto label = static_cast<int>(random.below(10));
      d.labels[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>(label);
      draw_digit(label, random, d.bytes.data() + i * side * side);
    }
  };
  nn::parallel_chunks(count, 64, draw, count * side * side);
  return d;
}

}  // namespace anneal::datasets
