#include "datasets/idx_set.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "datasets/fail.h"
#include "datasets/idx_labels.h"
#include "datasets/split.h"

namespace anneal::datasets {
namespace {

/// The extents of one example.
nn::Shape sample_shape_of(const IdxArray& images) {
  if (images.extents.size() < 2)
    images.refuse(images.shape_text() +
                  " elements, one dimension; wanted images or vectors, whose first dimension "
                  "counts the examples");
  if (images.extents[0] == 0) images.refuse("holds no examples");
  const std::vector<nn::Index> sample(images.extents.begin() + 1, images.extents.end());
  nn::Index features = 1;
  for (const nn::Index extent : sample) features *= extent;
  if (features == 0) images.refuse(images.shape_text() + " elements: the examples hold nothing");
  return sample.size() <= nn::Shape::max_rank ? nn::Shape(sample) : nn::Shape{features};
}

std::vector<float> to_floats(const IdxArray& images) {
  std::vector<float> numbers;
  std::visit(
      [&](const auto& values) {
        numbers.reserve(values.size());
        for (const auto value : values) {
          const auto number = static_cast<float>(value);
          if (!std::isfinite(number))
            images.refuse("the number at byte " + std::to_string(images.byte_of(numbers.size())) +
                          " is " + std::to_string(value) + "; wanted finite ones");
          numbers.push_back(number);
        }
      },
      images.values);
  return numbers;
}

Dataset part_of_set(IdxArray images, const IdxArray& labels, const Classes& classes) {
  Dataset d;
  d.sample_shape = sample_shape_of(images);
  if (images.extents[0] != labels.extents[0])
    labels.refuse(std::to_string(labels.extents[0]) + " labels, but " + images.file.string() +
                  " has " + std::to_string(images.extents[0]) + " images");
  d.classes = classes.count();
  d.labels = classes.of(labels);
  for (const IdxArray* array : {&std::as_const(images), &labels})
    d.files.push_back({array->file.filename().string(), array->sha256});
  if (auto* bytes = std::get_if<std::vector<std::uint8_t>>(&images.values))
    d.bytes = std::move(*bytes);
  else
    d.numbers = to_floats(images);
  return d;
}

/// The examples `rows` of a dataset.
Dataset selected(const Dataset& all, std::span<const std::uint32_t> rows) {
  Dataset d;
  d.sample_shape = all.sample_shape;
  d.classes = all.classes;
  const auto take = [&](const auto& from, auto& to, std::size_t width) {
    if (from.empty()) return;
    to.reserve(rows.size() * width);
    for (const std::uint32_t row : rows) {
      const auto begin = from.begin() + static_cast<std::ptrdiff_t>(row * width);
      to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    }
  };
  const auto width = static_cast<std::size_t>(all.features());
  take(all.bytes, d.bytes, width);
  take(all.numbers, d.numbers, width);
  take(all.labels, d.labels, 1);
  return d;
}

/// Takes a seventh of the examples out of the training part, as large a part as MNIST's test set is
/// of all of it. Which ones does not depend on the seed of a run: its test set is always the same.
Dataset hold_out_test(Dataset& train) {
  constexpr std::uint64_t seed = 0;
  const auto n = static_cast<std::size_t>(train.size());
  const Split parts = split(n, (n + 6) / 7, seed);
  Dataset test = selected(train, parts.validation);
  Dataset rest = selected(train, parts.training);
  rest.files = std::move(train.files);
  train = std::move(rest);
  return test;
}

}  // namespace

IdxArrays read_idx_files(const IdxFiles& files, std::uint64_t most) {
  const bool has_test = !files.paths[2].empty() || !files.paths[3].empty();
  IdxArrays arrays;
  for (std::size_t i = 0; i < (has_test ? 4U : 2U); ++i) {
    if (files.paths[i].empty()) {
      const auto is_there = [](const auto& path) { return !path.empty(); };
      const std::filesystem::path& other = files.paths[i ^ 1U];
      const auto any = std::ranges::find_if(files.paths, is_there);
      fail((is_there(other) ? other : *any).string() + ": there are no " +
           (i < 2 ? "training " : "test ") + (i % 2 == 0 ? "images" : "labels") + " beside it");
    }
    arrays[i] = read_idx(files.paths[i], most);
  }
  return arrays;
}

TrainAndTest labelled_examples(IdxArrays arrays) {
  auto [images, labels, test_images, test_labels] = std::move(arrays);
  const Classes classes(*labels);
  TrainAndTest both;
  both.train = part_of_set(*std::move(images), *labels, classes);
  std::string remark = classes.remark();
  if (test_images) {
    const IdxArray shape = {.file = test_images->file, .extents = test_images->extents};
    both.test = part_of_set(*std::move(test_images), *test_labels, classes);
    if (both.test.sample_shape != both.train.sample_shape)
      shape.refuse("examples of " + both.test.sample_shape.text() + ", but those to train on are " +
                   both.train.sample_shape.text());
    if (both.test.bytes.empty() != both.train.bytes.empty())
      shape.refuse("its elements are not of the type of those to train on");
  } else {
    const auto all = both.train.size();
    both.test = hold_out_test(both.train);
    remark += (remark.empty() ? "" : "; ") + std::to_string(both.test.size()) + " of " +
              std::to_string(all) + " examples are held out as the test part, for it has none";
  }
  both.train.origin = both.test.origin = remark;
  return both;
}

}  // namespace anneal::datasets
