#pragma once
#include <cstddef>
#include <random>
#include <vector>

/// Independent standard normals.
inline std::vector<double> normals(std::mt19937_64& random, std::size_t n) {
  std::normal_distribution<double> normal;
  std::vector<double> x(n);
  for (double& v : x) v = normal(random);
  return x;
}
