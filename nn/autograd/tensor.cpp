#include "nn/autograd/tensor.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "nn/autograd/fail.h"

namespace anneal::nn {

namespace detail {
namespace {

constexpr std::size_t page = std::size_t{2} << 20;

}  // namespace

// The aligned operator new of glibc before 2.38 (its bug 14581) leaves holes: a comparison of 1,800
// trainings grew to 400 MB, of which it used 160. So this asks for some more, and notes before the
// aligned address where it began.
void* allocate(std::size_t bytes) {
  const std::size_t to = bytes < 2 * page ? 64 : page;
  auto* const begin = static_cast<std::byte*>(::operator new(sizeof(void*) + to + bytes));
  std::byte* const after_note = begin + sizeof(void*);
  std::byte* const p = after_note + (to - reinterpret_cast<std::uintptr_t>(after_note) % to) % to;
  std::memcpy(p - sizeof(void*), &begin, sizeof begin);
#ifdef MADV_HUGEPAGE
  if (to == page) madvise(p, bytes, MADV_HUGEPAGE);  // advice: works as well if not taken
#endif
  return p;
}

void deallocate(void* p) {
  void* begin = nullptr;
  std::memcpy(&begin, static_cast<std::byte*>(p) - sizeof(void*), sizeof begin);
  ::operator delete(begin);
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
