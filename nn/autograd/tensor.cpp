#include "nn/autograd/tensor.h"

#include <sys/mman.h>

#include <algorithm>
#include <numeric>

#include "nn/autograd/fail.h"

namespace anneal::nn {

namespace detail {
namespace {

constexpr std::size_t page = std::size_t{2} << 20;

std::align_val_t alignment(std::size_t bytes) {
  return std::align_val_t{bytes < 2 * page ? 64 : page};
}

}  // namespace

void* allocate(std::size_t bytes) {
  void* const p = ::operator new(bytes, alignment(bytes));
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * page) madvise(p, bytes, MADV_HUGEPAGE);  // advice: works as well if not taken
#endif
  return p;
}

void deallocate(void* p, std::size_t bytes) {
  ::operator delete(p, alignment(bytes));
}

}  // namespace detail

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
