#include "datasets/points.h"

#include <numbers>

#include "datasets/geometry.h"
#include "nn/autograd/random.h"

namespace anneal::datasets {
namespace {

/// Points of `classes` classes in turn; `place(label, random)` says where each lies without noise.
template <class Place>
Dataset points(const char* name, int classes, std::uint64_t seed, nn::Index count,
               std::uint64_t stream, double noise, const Place& place) {
  Dataset d;
  d.name = name;
  d.origin = std::string(name) + ", generated";
  d.sample_shape = nn::Shape{2};
  d.classes = classes;
  for (nn::Index i = 0; i < count; ++i) {
    nn::Random random(seed, nn::Purpose::samples, stream << 40U | static_cast<std::uint64_t>(i));
    const auto label = static_cast<int>(i % classes);
    const Point p = place(label, random);
    const double x = p.x + noise * random.normal();
    const double y = p.y + noise * random.normal();
    d.numbers.insert(d.numbers.end(), {static_cast<float>(x), static_cast<float>(y)});
    d.labels.push_back(static_cast<std::uint16_t>(label));
  }
  return d;
}

}  // namespace

Dataset spirals(std::uint64_t seed, nn::Index count, std::uint64_t stream, int arms, double noise) {
  const auto arm = [arms](int label, nn::Random& random) {
    const double along = random.uniform(0.08, 1.0);
    const double turns = 1.5 * along + static_cast<double>(label) / arms;
    return along * direction(2.0 * std::numbers::pi * turns);
  };
  return points("spirals", arms, seed, count, stream, noise, arm);
}

Dataset moons(std::uint64_t seed, nn::Index count, std::uint64_t stream, double noise) {
  const auto moon = [](int label, nn::Random& random) {
    const Point p = direction(std::numbers::pi * random.uniform());
    return label == 0 ? p : Point{1.0 - p.x, 0.5 - p.y};
  };
  return points("moons", 2, seed, count, stream, noise, moon);
}

}  // namespace anneal::datasets
