#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/image_set.h"

namespace anneal::datasets {

/// The sets of images that are known as they were published: MNIST and Fashion-MNIST.
const std::vector<ImageSet>& published_sets();

/// One of them by its name, "mnist"; nullptr if there is none.
const ImageSet* published_set(std::string_view name);

/// "Fashion-MNIST's train-images", if that is what has this SHA-256; else empty.
std::string published_as(std::string_view sha256);

}  // namespace anneal::datasets
