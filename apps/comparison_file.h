#pragma once
#include <string>

#include "apps/compare_options.h"

namespace anneal::apps {

/// Where a comparison's options are kept in its folder, for anneal plan and status: a config.
inline constexpr const char* comparison_file = "comparison.json";
/// Writes those that were given, but for where and by whom the trials are computed; a file that
/// says the same stays as it is, and of another it is said on standard error that it is replaced.
void write_comparison(const CLI::App& app, const std::string& out);
/// Those of the comparison in a folder. Throws as expand_config() does.
CompareArguments read_comparison(const std::string& folder);

}  // namespace anneal::apps
