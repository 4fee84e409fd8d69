#pragma once
#include <cstddef>

/// What a schedule may cost, each number in this place alone. What goes beyond is refused when it
/// is read or made, so that no text can exhaust the stack (1 MB is enough), the memory or one's
/// patience: whatever is accepted is evaluated in a time proportional to its parts.
namespace anneal::sched::limits {

/// Bytes of a text that is read: a chain of 5,000 stages takes 200,000, a table of 100,000 values
/// with all their digits two million.
inline constexpr std::size_t text = std::size_t{1} << 22;
/// Brackets within brackets, in any text; the reader calls itself for each.
inline constexpr int nested = 64;
/// Levels of an expression. The terms of a sum are levels too, for a + b + c is (a + b) + c.
inline constexpr int levels = 256;
/// Schedules that an expression is made of.
inline constexpr double parts = 10'000;
/// Operations, names and numbers of one formula.
inline constexpr std::size_t operations = 10'000;

/// Updates in any run or stage: integers are exact up to here.
inline constexpr double updates = 0x1p53;
/// The run of what never ends.
inline constexpr double forever = 1e15;
/// Factors of a cumulative product that one update may add.
inline constexpr double pace = 100;
/// Parts to be evaluated before a cumulative product has caught up with the update asked for.
inline constexpr double catching_up = 5e8;
/// Bytes of the stages that a schedule is resolved into; more of them are one stage.
inline constexpr std::size_t stage_text = std::size_t{1} << 22;

/// Bytes of a table of values that is read from a file.
inline constexpr std::size_t file = std::size_t{1} << 26;

}  // namespace anneal::sched::limits
