#pragma once
#include <string>
#include <vector>

namespace anneal::apps {

using Row = std::vector<std::string>;

/// A table of Markdown, with columns as wide as their widest cell; the first is set left, the
/// others right.
std::string table(const std::vector<Row>& rows);

}  // namespace anneal::apps
