#include "apps/view/table.h"

#include <algorithm>

#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::string escaped(const std::string& cell) {
  std::string out;
  for (const char c : cell) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

}  // namespace

std::string table(std::vector<Row> rows) {
  for (Row& row : rows) std::ranges::transform(row, row.begin(), escaped);
  std::vector<int> widths(rows[0].size(), 3);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  std::string text;
  const auto add = [&](const Row& row) {
    text += '|';
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(static_cast<std::size_t>(widths[i] - columns_of(row[i])), ' ');
      text += i == 0 ? " " + row[i] + space + " |" : " " + space + row[i] + " |";
    }
    text += '\n';
  };
  add(rows[0]);
  text += '|';
  for (std::size_t i = 0; i < widths.size(); ++i)
    text += std::string(static_cast<std::size_t>(widths[i]) + 1, '-') + (i == 0 ? "-|" : ":|");
  text += '\n';
  for (std::size_t i = 1; i < rows.size(); ++i) add(rows[i]);
  return text;
}

}  // namespace anneal::apps
