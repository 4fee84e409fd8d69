#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anneal::apps {

/// `text` made safe to print: control characters, which could move the cursor, and malformed UTF-8
/// become '?', as does whatever is not ASCII when `unicode` is false.
std::string printable(std::string_view text, bool unicode);

/// The same of text that has lines, which stay: for what a user wrote among what is printed.
std::string printable_lines(std::string_view text);

/// How many columns UTF-8 text takes on a terminal, one for each code point.
int columns_of(std::string_view text);

/// The first `columns` columns of text that is longer than that, the last of them an ellipsis.
std::string shorten(std::string_view text, int columns, bool unicode);

/// Text for the inside of an element or a quoted attribute of HTML and XML: `<`, `>`, `&` and
/// quotes as entities, what XML cannot hold (control characters, malformed UTF-8) as U+FFFD.
std::string escape_markup(std::string_view text);

/// 12345 as "12,345".
std::string grouped(std::int64_t number);

/// "1 seed", "2,000 seeds".
std::string counted(std::int64_t number, std::string_view what);

/// A duration as 0:07, 12:34 or 1:02:03.
std::string clock_text(double seconds);

/// 312345 as "312k": at most three digits and a unit.
std::string rate_text(double per_second);

/// 0.00081 as "8.1e-4", 0.1 as "0.1": `digits` significant digits at most.
std::string number_text(double value, int digits);

/// 0.08312 as "0.0831", 12345.6 as "1.235e4", and "diverged" for what is no longer a number.
std::string loss_text(double loss);

/// 0.9834 as "98.34 %".
std::string percent_text(double share);

}  // namespace anneal::apps
