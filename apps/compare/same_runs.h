#pragma once
#include <string>

#include "apps/compare/report.h"

namespace anneal::apps {

/// Makes one of contestants that ran under the same factors at every update: their peaks and their
/// optimizers are the same, and so is every bit of what their fresh seeds gave. The first of them
/// stays, or the baseline. They are one finding, and one hypothesis. Before verdicts are made.
void merge_same(Study& study);

/// "`plateau` was the same as `constant`: ..." for those; empty without any.
std::string on_the_same(const Study& study);

}  // namespace anneal::apps
