#pragma once
#include <string>
#include <vector>

namespace anneal::sched {

/// The numbers in one column (counted from 1; 0 is the last) of a CSV file, one a row.
///
/// Fields are separated by tabs, semicolons or commas, whichever comes first in that order in the
/// first row; a decimal comma is understood. A first row of names is a heading. Fails with the
/// file, the row and the column for a file that is not regular, is larger than limits::file or has
/// no rows; for rows of different widths; for a field that is not a number, finite and >= 0; and
/// for whole numbers in pairs, which may be numbers with a decimal comma.
std::vector<double> read_values(const std::string& file, int column);

}  // namespace anneal::sched
