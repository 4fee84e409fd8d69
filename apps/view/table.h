#pragma once
#include <string>
#include <vector>

namespace anneal::apps {

using Row = std::vector<std::string>;

/// A table of Markdown, with columns as wide as their widest cell; the first is set left, the
/// others right. Cells are Markdown; a `|` in one, also in code, is escaped.
std::string table(std::vector<Row> rows);

}  // namespace anneal::apps
