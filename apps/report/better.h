#pragma once
#include <string_view>

namespace anneal::apps {

/// Of what less is better, by its name, more is better, or neither can be told. "testAccuracy" has
/// the words test and accuracy; "accuracy_loss" has one of either kind, and nothing is told.
enum class Better { lower, higher, unknown };
Better better_by_name(std::string_view metric);

}  // namespace anneal::apps
