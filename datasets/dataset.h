#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "nn/autograd/tensor.h"

namespace anneal::datasets {

/// A file that examples were read from.
struct SourceFile {
  std::string name;    ///< "train-images-idx3-ubyte.gz"
  std::string sha256;  ///< of its IDX data, after decompression, in hexadecimal
};

/// Labelled examples. Images stay bytes until they are gathered into a minibatch: a quarter of the
/// memory of floats.
struct Dataset {
  std::string name;        ///< "mnist"
  std::string origin;      ///< where it comes from, for people: a sentence without a full stop
  nn::Shape sample_shape;  ///< of one example: (28, 28) for an image, (2) for a point
  int classes = 0;         ///< labels lie in [0, classes)
  std::vector<std::uint8_t> bytes;  ///< the features of all examples, if they are bytes
  std::vector<float> numbers;       ///< the same, if they are not
  std::vector<std::uint16_t> labels;
  std::vector<SourceFile> files;  ///< none for what is generated

  nn::Index size() const { return static_cast<nn::Index>(labels.size()); }
  nn::Index features() const { return sample_shape.size(); }

  /// Throws std::runtime_error when the numbers of features and labels do not agree, or a label is
  /// not in range; the message names the dataset, the place and the values.
  void check() const;
};

/// The numbers of all examples, in their order.
std::vector<std::uint32_t> all_rows(const Dataset& dataset);

/// What a feature v becomes: scale v + shift.
struct Normalization {
  float scale = 1.0F;
  float shift = 0.0F;
};
/// To mean 0 and variance 1 over all features of all the examples together.
Normalization standardize(const Dataset& training);
/// Bytes to [0, 1]; numbers as they are.
Normalization unit_interval(const Dataset& dataset);

/// x <- the normalised features of the given examples (n, features); labels <- theirs. The memory
/// of both is kept from call to call. Throws std::runtime_error for an example that is not there,
/// or whose features are not.
void gather(const Dataset& dataset, Normalization normalization,
            std::span<const std::uint32_t> rows, nn::Tensor& x, std::vector<int>& labels);

}  // namespace anneal::datasets
