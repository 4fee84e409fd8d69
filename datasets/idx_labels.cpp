#include "datasets/idx_labels.h"

#include <algorithm>
#include <set>
#include <type_traits>
#include <variant>

namespace anneal::datasets {
namespace {

/// How many numbers an example has in a file of labels, of which the first is its class.
std::size_t columns_of(const IdxArray& labels) {
  constexpr std::uint32_t qmnist = 8;
  const auto& e = labels.extents;
  const bool is_int = std::holds_alternative<std::vector<std::int32_t>>(labels.values);
  if (e.size() == 1) return 1;
  if (e.size() == 2 && (e[1] == 1 || (e[1] == qmnist && is_int))) return e[1];
  labels.refuse(labels.shape_text() +
                " elements; wanted labels: one dimension, one whole number for each example "
                "(or QMNIST's eight columns of 32 bits)");
}

/// Calls use(example, label) for each.
template <class Use>
void for_each_label(const IdxArray& labels, const Use& use) {
  const std::size_t columns = columns_of(labels);
  std::visit(
      [&](const auto& values) {
        using Number = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_floating_point_v<Number>)
          labels.refuse("its elements are fractions (type 0d or 0e); wanted whole numbers");
        else
          for (std::size_t i = 0; i < values.size() / columns; ++i)
            use(i, static_cast<std::int32_t>(values[i * columns]));
      },
      labels.values);
}

std::string list_of(const std::vector<std::int32_t>& labels) {
  const auto last = labels.back();
  if (static_cast<std::int64_t>(last) - labels.front() + 1 == std::ssize(labels))
    return std::to_string(labels.front()) + " to " + std::to_string(last);
  constexpr std::size_t shown = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(labels.size(), shown); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(labels[i]);
  if (labels.size() > shown) text += ", ... " + std::to_string(last);
  return text;
}

}  // namespace

Classes::Classes(const IdxArray& training_labels) {
  std::set<std::int32_t> different;
  for_each_label(training_labels, [&](std::size_t /*example*/, std::int32_t label) {
    if (different.size() <= most) different.insert(label);
  });
  if (different.size() > most)
    training_labels.refuse("more than " + std::to_string(most) +
                           " different labels; wanted classes");
  if (different.size() < 2)
    training_labels.refuse(different.empty()
                               ? "holds no examples"
                               : "all labels are " + std::to_string(*different.begin()) +
                                     "; wanted two classes or more to tell apart");
  labels_.assign(different.begin(), different.end());
}

std::vector<std::uint16_t> Classes::of(const IdxArray& labels) const {
  std::vector<std::uint16_t> classes;
  classes.reserve(labels.extents[0]);
  const std::size_t columns = columns_of(labels);
  for_each_label(labels, [&](std::size_t example, std::int32_t label) {
    const auto found = std::ranges::lower_bound(labels_, label);
    if (found == labels_.end() || *found != label)
      labels.refuse("label " + std::to_string(label) + " of example " + std::to_string(example) +
                    " (byte " + std::to_string(labels.byte_of(example * columns)) +
                    ") is not among those of the training part: " + list_of(labels_));
    classes.push_back(static_cast<std::uint16_t>(found - labels_.begin()));
  });
  return classes;
}

std::string Classes::remark() const {
  if (labels_.front() == 0 && labels_.back() == count() - 1) return {};
  return "labels " + list_of(labels_) + " are classes 0 to " + std::to_string(count() - 1);
}

}  // namespace anneal::datasets
