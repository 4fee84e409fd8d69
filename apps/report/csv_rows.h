#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace anneal::apps {

struct CsvRow {
  std::int64_t line = 0;  ///< at which it begins, from 1
  std::vector<std::string> fields = {};
  char separator = ',';  ///< of the fields
};

/// The rows of a CSV file (RFC 4180; lines may also end in \n alone, and a byte order mark may come
/// first), all with as many fields as the first. Fields are separated by tabs, semicolons, commas
/// or bars, whichever comes first in that order in the first row; spaces around them do not count.
/// Throws std::runtime_error naming file and line.
std::vector<CsvRow> csv_rows(std::string_view text, const std::string& file);

}  // namespace anneal::apps
