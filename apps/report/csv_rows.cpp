#include "apps/report/csv_rows.h"

#include <fmt/format.h>

#include "apps/fail.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

/// Reads fields one after another, and counts lines.
class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    const std::string_view header = text_.substr(0, text_.find('\n'));
    if (text_.substr(0, 2) == "\xFF\xFE" || text_.substr(0, 2) == "\xFE\xFF" ||
        header.find('\0') != std::string_view::npos)
      refuse("is UTF-16 or no text; wanted UTF-8");
    for (const char separator : {'\t', ';', ',', '|'})
      if (header.find(separator) != std::string_view::npos) {
        separator_ = separator;
        break;
      }
    ends_ = {separator_, '\r', '\n', '"'};
  }

  bool at_end() const { return at_ == text_.size(); }

  CsvRow row() {
    CsvRow row{.line = line_, .separator = separator_};
    do row.fields.push_back(field());
    while (passed(separator_));
    if (!at_end() && !passed_line_end()) refuse("a quoted field goes on after its closing quote");
    ++line_;
    return row;
  }

 private:
  [[noreturn]] void refuse(const char* what) const {
    fail(Fault::world, fmt::format("{}:{}: {}", file_, line_, what));
  }
  bool passed(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool passed_line_end() {
    if (text_.substr(at_).starts_with("\r\n"))
      at_ += 2;
    else if (text_[at_] == '\n')
      ++at_;
    else
      return false;
    return true;
  }
  std::string field() {
    const std::size_t first = std::min(text_.find_first_not_of(' ', at_), text_.size());
    if (first < text_.size() && text_[first] == '"') {
      at_ = first + 1;
      std::string quoted = quoted_field();
      while (passed(' ')) continue;
      return quoted;
    }
    const std::size_t end = std::min(text_.find_first_of(ends_, at_), text_.size());
    const std::size_t last = text_.substr(0, end).find_last_not_of(' ');
    std::string field(first < end ? text_.substr(first, last + 1 - first) : "");
    at_ = end;
    if (at_end()) return field;
    if (text_[at_] == '"') refuse("a quote within a field that does not begin with one");
    if (text_[at_] == '\r' && !text_.substr(at_).starts_with("\r\n"))
      refuse("a carriage return that ends no line");
    return field;
  }
  std::string quoted_field() {
    std::string field;
    const std::int64_t begun = line_;
    while (!at_end()) {
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"')
        field += c;
      else if (passed('"'))
        field += '"';
      else
        return field;
    }
    line_ = begun;
    refuse("a quote is not closed");
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  char separator_ = ',';
  std::string ends_;  ///< what a field that is not quoted does not contain
};

}  // namespace

std::vector<CsvRow> csv_rows(std::string_view text, const std::string& file) {
  std::vector<CsvRow> rows;
  for (Reader reader(text, file); !reader.at_end();) {
    rows.push_back(reader.row());
    const CsvRow& row = rows.back();
    if (row.fields.size() == 1 && row.fields[0].empty())
      fail(Fault::world, fmt::format("{}:{}: an empty line", file, row.line));
    if (row.fields.size() != rows[0].fields.size())
      fail(Fault::world,
           fmt::format("{}:{}: has {} where the header has {}", file, row.line,
                       counted(std::ssize(row.fields), "field"), rows[0].fields.size()));
  }
  if (rows.empty())
    fail(Fault::world, file +
                           ":1: is empty; wanted a header such as "
                           "schedule,seed,validation_loss");
  return rows;
}

}  // namespace anneal::apps
