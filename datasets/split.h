#pragma once
#include <cstdint>
#include <vector>

namespace anneal::datasets {

/// The examples [0, n) in two parts that share none, each in rising order, chosen by the seed.
struct Split {
  std::vector<std::uint32_t> training;
  std::vector<std::uint32_t> validation;
};
/// Throws std::runtime_error unless at least one example is left to train on.
Split split(std::size_t n, std::size_t validation, std::uint64_t seed);

/// The same by the fraction, in [0, 1), that is to validate, rounded to whole examples.
Split split_fraction(std::size_t n, double validation, std::uint64_t seed);

}  // namespace anneal::datasets
