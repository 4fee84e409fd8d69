#pragma once
#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace anneal::nn {

/// One type of number for the whole program. Gradient checks and golden comparisons build the
/// same sources with -DANNEAL_SCALAR=double.
#ifdef ANNEAL_SCALAR
using Scalar = ANNEAL_SCALAR;
#else
using Scalar = float;
#endif
using Index = std::int64_t;

/// The extents of a tensor of rank 0 (one number) to 4, outermost first.
class Shape {
 public:
  static constexpr int max_rank = 4;

  Shape() = default;
  /// Throws std::invalid_argument for a rank over 4 or a negative extent.
  Shape(std::initializer_list<Index> extents) : Shape(std::span(extents.begin(), extents.size())) {}
  explicit Shape(std::span<const Index> extents);

  int rank() const { return rank_; }
  Index operator[](int axis) const { return extents_[static_cast<std::size_t>(axis)]; }
  Index size() const;  ///< number of elements; 1 for rank 0

  /// The tensor seen as a matrix: the last extent is the columns, all others fold into rows.
  Index cols() const { return rank_ == 0 ? 1 : (*this)[rank_ - 1]; }
  Index rows() const;

  std::string text() const;  ///< "(64, 784)"
  bool operator==(const Shape&) const = default;

 private:
  std::array<Index, max_rank> extents_{};
  int rank_ = 0;
};

namespace detail {
/// Aligned to 64 bytes, one cache line and the widest vector register. What is larger than some
/// huge pages (2 MiB) is aligned to them and asks the system for them: walking a column of a large
/// matrix touches a page a row, and with pages of 4 KiB misses the TLB, which has about 1,500
/// entries.
void* allocate(std::size_t bytes);
void deallocate(void* p);

template <class T>
struct AlignedAllocator {
  using value_type = T;

  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}

  T* allocate(std::size_t n) { return static_cast<T*>(detail::allocate(n * sizeof(T))); }
  void deallocate(T* p, std::size_t /*n*/) { detail::deallocate(p); }
  bool operator==(const AlignedAllocator&) const { return true; }
};
}  // namespace detail

/// A dense, row-major, contiguous, 64-byte aligned array of Scalars that owns its memory.
/// Rows are examples, so a minibatch is one contiguous block.
class Tensor {
 public:
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Array = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
  using MatrixMap = Eigen::Map<Matrix, Eigen::Aligned64>;
  using ConstMatrixMap = Eigen::Map<const Matrix, Eigen::Aligned64>;
  using ArrayMap = Eigen::Map<Array, Eigen::Aligned64>;
  using ConstArrayMap = Eigen::Map<const Array, Eigen::Aligned64>;

  Tensor() : Tensor(Shape{}) {}  ///< the number 0, rank 0
  /// All elements equal to `fill`.
  explicit Tensor(const Shape& shape, Scalar fill = 0)
      : shape_(shape), data_(static_cast<std::size_t>(shape.size()), fill) {}
  /// `values` in row-major order; throws std::invalid_argument when their number is not
  /// shape.size().
  Tensor(const Shape& shape, std::span<const Scalar> values);
  Tensor(const Shape& shape, std::initializer_list<Scalar> values)
      : Tensor(shape, std::span(values.begin(), values.size())) {}

  const Shape& shape() const { return shape_; }
  Index size() const { return static_cast<Index>(data_.size()); }
  Index rows() const { return shape_.rows(); }
  Index cols() const { return shape_.cols(); }

  Scalar* data() { return data_.data(); }
  const Scalar* data() const { return data_.data(); }
  Scalar& operator[](Index i) { return data_[static_cast<std::size_t>(i)]; }
  Scalar operator[](Index i) const { return data_[static_cast<std::size_t>(i)]; }
  Scalar& operator()(Index row, Index col) { return (*this)[row * cols() + col]; }
  Scalar operator()(Index row, Index col) const { return (*this)[row * cols() + col]; }

  /// Views without a copy: leading extents folded into rows, and all elements in one column.
  MatrixMap matrix() { return {data(), rows(), cols()}; }
  ConstMatrixMap matrix() const { return {data(), rows(), cols()}; }
  ArrayMap array() { return {data(), size()}; }
  ConstArrayMap array() const { return {data(), size()}; }

  /// Takes a new shape and keeps the memory when it is large enough. The elements are unspecified.
  void resize(const Shape& shape);
  /// The same elements under another shape; throws std::invalid_argument unless the sizes agree.
  void reshape(const Shape& shape);

 private:
  Shape shape_;
  std::vector<Scalar, detail::AlignedAllocator<Scalar>> data_;
};

}  // namespace anneal::nn
