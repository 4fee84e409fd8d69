#include "apps/studies/sklearn_data.h"

#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "apps/studies/numpy_random.h"

namespace anneal::apps {
namespace {

using Point = std::array<double, 2>;

/// The i-th of n points of a class, before they are blurred.
Point circle(int label, double i, double n) {
  const double angle = i * (2.0 * std::numbers::pi / n);
  const double radius = label == 0 ? 1.0 : 0.5;
  return {std::cos(angle) * radius, std::sin(angle) * radius};
}
Point moon(int label, double i, double n) {
  const double angle = i * (std::numbers::pi / (n - 1.0));  // both ends are points
  const Point outer{std::cos(angle), std::sin(angle)};
  return label == 0 ? outer : Point{1.0 - outer[0], 1.0 - outer[1] - 0.5};
}

}  // namespace

Points make_points(Pattern pattern, nn::Index n, std::uint32_t seed) {
  NumpyRandom random(seed);
  const nn::Index first = n / 2;  // as many are of class 0
  std::vector<nn::Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), nn::Index{0});
  random.shuffle(std::span(order));

  Points points{.x = nn::Tensor(nn::Shape{n, 2}), .labels = {}};
  const double noise = pattern == Pattern::circles ? 0.2 : 0.3;
  for (nn::Index row = 0; row < n; ++row) {
    const nn::Index i = order[static_cast<std::size_t>(row)];
    const int label = i < first ? 0 : 1;
    const auto place = static_cast<double>(label == 0 ? i : i - first);
    const auto of = static_cast<double>(label == 0 ? first : n - first);
    const Point exact =
        pattern == Pattern::circles ? circle(label, place, of) : moon(label, place, of);
    for (int axis = 0; axis < 2; ++axis)
      points.x(row, axis) = exact[static_cast<std::size_t>(axis)] + noise * random.normal();
    points.labels.push_back(label);
  }
  return points;
}

MinMaxScaler::MinMaxScaler(const nn::Tensor& x) {
  const Eigen::RowVector2d low = x.matrix().colwise().minCoeff();
  const Eigen::RowVector2d high = x.matrix().colwise().maxCoeff();
  scale_ = (high - low).cwiseInverse();
  shift_ = -low.cwiseProduct(scale_);
}

void MinMaxScaler::transform(nn::Tensor& x) const {
  for (nn::Index row = 0; row < x.rows(); ++row)
    x.matrix().row(row) = x.matrix().row(row).cwiseProduct(scale_) + shift_;
}

}  // namespace anneal::apps
