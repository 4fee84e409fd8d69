#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "datasets/idx.h"

namespace anneal::datasets {

/// The classes of a set: the labels that occur in its training part, in rising order.
class Classes {
 public:
  /// So many outputs a network may have.
  static constexpr std::size_t most = 65'536;

  /// Throws std::runtime_error naming the file when its elements are no labels, or there are fewer
  /// than two different ones, or more than `most`.
  explicit Classes(const IdxArray& training_labels);

  int count() const { return static_cast<int>(labels_.size()); }

  /// The class of each example. Throws std::runtime_error for a label that is none of them.
  std::vector<std::uint16_t> of(const IdxArray& labels) const;

  /// "labels 1 to 26 are classes 0 to 25"; empty when each label is its own class.
  std::string remark() const;

 private:
  std::vector<std::int32_t> labels_;  // rising
};

}  // namespace anneal::datasets
