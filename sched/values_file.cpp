#include "sched/values_file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "sched/fail.h"

namespace anneal::sched {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

std::string contents_of(const std::string& file) {
  const std::unique_ptr<std::FILE, Close> in(std::fopen(file.c_str(), "rb"));
  if (!in) fail("table: " + file + ": cannot be opened: " + std::strerror(errno));
  std::string text;
  std::array<char, 65536> piece{};
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), in.get()))
    text.append(piece.data(), n);
  if (std::ferror(in.get()) != 0)
    fail("table: " + file + ": cannot be read: " + std::strerror(errno));
  return text;
}

/// The field of a row; a comma between double quotes belongs to the field (RFC 4180).
std::string_view field_of(std::string_view row, int column) {
  int n = 1;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '"') quoted = !quoted;
    if (row[i] != ',' || quoted) continue;
    if (n == column) return row.substr(begin, i - begin);
    ++n;
    begin = i + 1;
  }
  return column == 0 || n == column ? row.substr(begin) : std::string_view();
}

bool read_number(std::string_view field, double& value) {
  while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\r')) field.remove_suffix(1);
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  return error == std::errc{} && end == field.data() + field.size();
}

}  // namespace

std::vector<double> read_values(const std::string& file, int column) {
  const std::string text = contents_of(file);
  std::vector<double> values;
  std::size_t row = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    ++row;
    if (line.find_first_not_of(" \r") == std::string_view::npos) continue;
    double value = 0.0;
    const std::string_view field = field_of(line, column);
    if (!read_number(field, value)) {
      if (row == 1) continue;  // a heading
      fail("table: " + file + ", row " + std::to_string(row) + ": wanted a number, got '" +
           std::string(field) + "'");
    }
    if (!std::isfinite(value) || value < 0.0)
      fail("table: " + file + ", row " + std::to_string(row) +
           ": a factor is finite and >= 0, got '" + std::string(field) + "'");
    values.push_back(value);
  }
  if (values.empty()) fail("table: " + file + ": there is no number in it");
  return values;
}

}  // namespace anneal::sched
