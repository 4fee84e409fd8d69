#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "apps/json_object.h"
#include "apps/run_log.h"

/// One line of a run log to and from its record: what run_log.cpp is built on, not for others.
namespace anneal::apps::codec {

using apps::Json;

/// Where in a log the reader stands, for its errors.
struct Place {
  const std::filesystem::path& file;
  std::int64_t line = 0;

  /// Throws std::runtime_error: "file:line: message".
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void wanted(std::string_view field, std::string_view kind, const Json& got) const;
};

/// The JSON of a record on one line, without a newline, beginning with its type unless that is
/// empty. Bytes that are not UTF-8 are replaced: a run does not lose its log to an odd argument.
template <class Record>
std::string encode(std::string_view type, const Record& record);

/// One line as an object without equal keys or deep nesting.
Json parse(std::string_view line, const Place& place);

/// The record that an object holds.
template <class Record>
Record decode(const Json& object, const Place& place);

/// The version of the log's format, written into the first line.
inline constexpr int format_version = 1;

}  // namespace anneal::apps::codec
