#pragma once
#include <string>
#include <string_view>

#include "sched/cursor.h"

namespace anneal::sched {

/// A formula with another expression in the place of one of its names.
inline std::string replace_word(std::string_view formula, std::string_view word,
                                std::string_view by) {
  std::string out;
  for (std::size_t i = 0, end = 0; i < formula.size(); i = end) {
    end = i;
    while (end < formula.size() && (is_letter(formula[end]) || is_digit(formula[end]))) ++end;
    if (end == i) ++end;
    const std::string_view piece = formula.substr(i, end - i);
    out += piece == word ? by : piece;
  }
  return out;
}

}  // namespace anneal::sched
