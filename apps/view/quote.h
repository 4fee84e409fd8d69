#pragma once
#include <string>
#include <string_view>

/// Words that others chose, such as a schedule or a name, written so that they stay words wherever
/// they go. For HTML and XML that is escape_markup(), for a terminal printable(), in text.h; JSON
/// is written by its library. Control characters and malformed UTF-8 become '?' here too: a report
/// is also printed.
namespace anneal::apps {

/// A field of a CSV file, in quotes (RFC 4180). Text that a spreadsheet would take for a formula
/// begins with an apostrophe instead, by which it knows text.
std::string csv_field(std::string_view text);

/// Code within a line of Markdown, in backticks; those in the text become apostrophes.
std::string markdown_code(std::string_view text);

/// Plain text of Markdown: what would be markup is escaped by a backslash.
std::string markdown_text(std::string_view text);

}  // namespace anneal::apps
