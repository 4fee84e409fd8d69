#pragma once
#include <string>

#include "apps/compare_options.h"

namespace anneal::apps {

/// Where a comparison's options are kept in its folder, for anneal plan and status: a config.
inline constexpr const char* comparison_file = "comparison.json";
/// Writes those that were given, but for where and by whom the trials are computed, and the data
/// that were found, to be found from any folder; returns the SHA-256 of the file. One that says the
/// same stays as it is; of another it is said on standard error that it is replaced.
std::string write_comparison(const CLI::App& app, const CompareArguments& arguments,
                             const datasets::TrainAndTest& data);
/// Whether the folder's report is of the comparison that its file has: verdict.json says of which.
bool has_its_report(const std::string& folder);
/// Those of the comparison in a folder. Throws as expand_config() does.
CompareArguments read_comparison(const std::string& folder);

}  // namespace anneal::apps
