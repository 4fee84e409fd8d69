#include "sched/values_file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "sched/cursor.h"
#include "sched/fail.h"
#include "sched/length.h"
#include "sched/limits.h"

namespace anneal::sched {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// What a file holds: a regular one, for a pipe may never end and never begin.
std::string contents_of(const std::string& file) {
  const std::string begin = "table: " + file + ": ";
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) fail(begin + "there is no such file");
  if (!std::filesystem::is_regular_file(status))
    fail(begin + (std::filesystem::is_directory(status) ? "is a folder" : "is no regular file") +
         "; wanted a CSV file");
  const std::unique_ptr<std::FILE, Close> in(std::fopen(file.c_str(), "rb"));
  if (!in) fail(begin + "cannot be opened: " + std::strerror(errno));
  std::string text;
  std::array<char, 65536> piece{};
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), in.get())) {
    text.append(piece.data(), n);
    if (text.size() > limits::file)
      fail(begin + "is larger than " + std::to_string(limits::file) + " bytes");
  }
  if (std::ferror(in.get()) != 0) fail(begin + "cannot be read: " + std::strerror(errno));
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    fail(begin + "is UTF-16; wanted UTF-8");
  if (text.find('\0') != std::string::npos) fail(begin + "is no text");
  return text;
}

struct Field {
  std::string text;     ///< without spaces and quotes around it
  bool quoted = false;  ///< and so, not a number but for "0,5"
};

/// One table of numbers as programs write them: commas, semicolons or tabs between the fields,
/// with the last two perhaps a decimal comma (RFC 4180 and what spreadsheets make of it).
class ValuesFile {
 public:
  ValuesFile(const std::string& file, int column) : file_(file), column_(column) {}

  std::vector<double> values(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte-order mark
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
      const std::string_view line = text.substr(at, end - at);
      at = end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
      ++row_;
      if (line.find_first_not_of(" \t") != std::string_view::npos) take(line);
    }
    if (values_.empty()) fail("table: " + file_ + ": there is no number in it");
    if (ambiguous_)
      fail_in_row("'" + shown(first_row_) +
                      "' may be two columns or one with a decimal comma; say which with column=2, "
                      "column=1 or a heading, or write a point",
                  first_number_);
    return std::move(values_);
  }

 private:
  void take(std::string_view line) {
    if (separator_ == '\0') separator_ = separator_of(line);
    const std::vector<Field> fields = split(line);
    if (width_ == 0) {
      width_ = fields.size();
      if (column_ > static_cast<int>(width_))
        fail_in_row("there are " + std::to_string(width_) + " columns; wanted number " +
                        std::to_string(column_),
                    row_);
      at_ = column_ == 0 ? width_ - 1 : static_cast<std::size_t>(column_) - 1;
      if (is_heading(fields)) {
        headed_ = true;
        return;
      }
    }
    if (fields.size() != width_)
      fail_in_row(std::to_string(fields.size()) + " columns, where the first row has " +
                      std::to_string(width_),
                  row_);
    if (values_.empty()) {
      first_row_ = line;
      first_number_ = row_;
      ambiguous_ = separator_ == ',' && width_ == 2 && column_ == 0 && !headed_;
    }
    for (const Field& field : fields)
      if (field.quoted || field.text.find_first_not_of("0123456789") != std::string::npos)
        ambiguous_ = false;
    values_.push_back(factor(fields[at_]));
    if (width_ > 1 && column_ == 0 && !ambiguous_) check_step(number_of(fields[0].text));
  }

  /// The column before the values may say which update each is of; there is a row for each.
  void check_step(std::optional<double> step) {
    if (step && step_ && *step != *step_ + 1.0)
      fail_in_row("the first column goes from " + number_text(*step_) + " to " +
                      number_text(*step) +
                      ", but each row is one update; if it does not count them, say which column "
                      "holds the values: column=" +
                      std::to_string(width_),
                  row_);
    step_ = step;
  }

  char separator_of(std::string_view line) const {
    bool quoted = false;
    char found = ',';
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (c == '\t') return '\t';
      if (c == ';') found = ';';
    }
    return found;
  }

  std::vector<Field> split(std::string_view line) const {
    std::vector<Field> fields(1);
    bool open = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (c == '"' && open && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back().text += line[++i];
      } else if (c == '"') {
        open = !open;
        fields.back().quoted = true;
      } else if (c == separator_ && !open) {
        trim(fields.back().text);
        fields.emplace_back();
      } else if (c == ';' && !open) {
        fail_in_row("a ';', where the first row has none", row_);
      } else {
        fields.back().text += c;
      }
    }
    if (open) fail_in_row("a \" is not closed", row_);
    trim(fields.back().text);
    return fields;
  }

  static void trim(std::string& text) {
    text.erase(0, std::min(text.find_first_not_of(" \t"), text.size()));
    text.erase(text.find_last_not_of(" \t") + 1);
  }

  /// A first row in which nothing is a number, nor one that was mistyped: 0.5x, O.5, 1.0.0.
  bool is_heading(const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.quoted && !number_of(field.text)) continue;
      if (field.text.empty() || number_of(field.text)) return false;
      const bool begins = is_digit(field.text[0]) || field.text.find_first_of("+-.,") == 0;
      const bool confused =
          field.text.find_first_not_of("0123456789.,+-eEoOlI ") == std::string::npos &&
          field.text.find_first_of("0123456789") != std::string::npos;
      if (begins || confused) return false;
    }
    return true;
  }

  /// Nothing if it is no number, with a decimal point or a decimal comma.
  static std::optional<double> number_of(std::string text) {
    if (text.starts_with('+')) text.erase(0, 1);
    if (const std::size_t comma = text.find(','); comma != std::string::npos) {
      if (text.find('.') != std::string::npos) return {};
      text[comma] = '.';
    }
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
  }

  double factor(const Field& field) {
    const std::optional<double> value = number_of(field.text);
    if (!value) fail_in_field("wanted a number", field);
    if (!std::isfinite(*value) || *value < 0.0) fail_in_field("a factor is finite and >= 0", field);
    for (const char sign : {'.', ','}) {
      if (field.text.find(sign) == std::string::npos) continue;
      if (decimal_ != '\0' && decimal_ != sign)
        fail_in_field(std::string("wanted a decimal '") + decimal_ + "', as above", field);
      decimal_ = sign;
    }
    return *value;
  }

  [[noreturn]] void fail_in_field(const std::string& what, const Field& field) const {
    fail("table: " + file_ + ", row " + std::to_string(row_) + ", column " +
         std::to_string(at_ + 1) + ": " + what + ", got '" + shown(field.text) + "'");
  }
  [[noreturn]] void fail_in_row(const std::string& what, std::size_t row) const {
    fail("table: " + file_ + ", row " + std::to_string(row) + ": " + what);
  }

  const std::string& file_;
  int column_;  ///< that is wanted, counted from 1; 0: the last
  std::vector<double> values_;
  std::size_t row_ = 0;
  std::size_t width_ = 0;       ///< fields in each row
  std::size_t at_ = 0;          ///< the field that is read
  std::optional<double> step_;  ///< in the first column of the row before
  char separator_ = '\0';
  char decimal_ = '\0';
  bool headed_ = false;
  bool ambiguous_ = false;  ///< so far, every row has been as "0,5" is
  std::string first_row_;
  std::size_t first_number_ = 0;
};

}  // namespace

std::vector<double> read_values(const std::string& file, int column) {
  return ValuesFile(file, column).values(contents_of(file));
}

}  // namespace anneal::sched
