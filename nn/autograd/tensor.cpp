#include "nn/autograd/tensor.h"

#include <algorithm>
#include <numeric>

#include "nn/autograd/fail.h"

namespace anneal::nn {

Shape::Shape(std::span<const Index> extents) : rank_(static_cast<int>(extents.size())) {
  if (extents.size() > max_rank)
    fail("shape: rank " + std::to_string(extents.size()) + "; a tensor has rank 0 to 4");
  std::ranges::copy(extents, extents_.begin());
  for (const Index extent : extents)
    if (extent < 0) fail("shape: negative extent in " + text());
}

Index Shape::size() const {
  return std::accumulate(extents_.begin(), extents_.begin() + rank_, Index{1}, std::multiplies<>());
}

Index Shape::rows() const {
  return std::accumulate(extents_.begin(), extents_.begin() + std::max(rank_ - 1, 0), Index{1},
                         std::multiplies<>());
}

std::string Shape::text() const {
  std::string text = "(";
  for (int axis = 0; axis < rank_; ++axis)
    text += (axis == 0 ? "" : ", ") + std::to_string((*this)[axis]);
  return text + ")";
}

Tensor::Tensor(const Shape& shape, std::span<const Scalar> values)
    : shape_(shape), data_(values.begin(), values.end()) {
  if (size() != shape.size())
    fail("tensor: " + std::to_string(values.size()) + " values for shape " + shape.text());
}

void Tensor::resize(const Shape& shape) {
  shape_ = shape;
  data_.resize(static_cast<std::size_t>(shape.size()));
}

void Tensor::reshape(const Shape& shape) {
  if (shape.size() != size()) fail("reshape: " + shape_.text() + " to " + shape.text());
  shape_ = shape;
}

}  // namespace anneal::nn
