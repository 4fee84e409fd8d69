#pragma once
#include <string>
#include <vector>

namespace anneal::sched {

/// The numbers in one column (counted from 1; 0 is the last) of a CSV file, one a row. A first row
/// whose field is no number is a heading. Fails with the file, the row and what was wanted for a
/// file that cannot be read or has no rows, and for a field that is not a number, finite and >= 0.
std::vector<double> read_values(const std::string& file, int column);

}  // namespace anneal::sched
