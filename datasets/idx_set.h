#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "datasets/dataset.h"
#include "datasets/idx.h"
#include "datasets/idx_folder.h"

namespace anneal::datasets {

/// The two sets that every name stands for. The test set is for the end alone.
struct TrainAndTest {
  Dataset train;
  Dataset test;
};

/// What the files of a set hold, in the order of IdxFiles::paths; nothing where there is no file.
using IdxArrays = std::array<std::optional<IdxArray>, 4>;

/// Reads a set with its test part, if it has one; of each file no more than `most` bytes. Throws
/// std::runtime_error naming a file that is lacking, or that cannot be read and why.
IdxArrays read_idx_files(const IdxFiles& files, std::uint64_t most);

/// Labelled examples out of IDX arrays, without a name:
/// - images or vectors of any size, (n, ...); bytes stay bytes, other numbers become floats;
/// - labels (n) of whole numbers of any type, or (n, 8) of 32 bits as QMNIST has them, whose first
///   column is the class (Yadav & Bottou, "Cold Case: The Lost MNIST Digits", 2019).
/// The classes are the labels that occur in the training part, in rising order; when they are not
/// 0, 1, 2, ... the origin says what became of them. Without a test part, a seventh of the examples
/// is held out as one, always the same, and the origin says so.
/// Throws std::runtime_error, naming file and byte, for what is not such a set: other dimensions,
/// numbers of images and labels that differ, labels that are no whole numbers or that only the test
/// part has, a single class, numbers that are not finite.
TrainAndTest labelled_examples(IdxArrays arrays);

}  // namespace anneal::datasets
