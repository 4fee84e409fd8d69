#pragma once
#include <string>
#include <vector>

#include "apps/compare/report.h"

/// What a report says of how the peaks were chosen.
namespace anneal::apps {

/// The part of the report on the tuning, as Markdown; empty where nothing was tuned.
std::string tuning_text(const Study& study);

/// "All at the given constants ...", or whose were chosen while tuning.
std::string on_constants(const Study& study);

/// Where the choice of a peak is uncertain, and which differences that may explain.
std::vector<std::string> cautions_on_peaks(const Study& study);

}  // namespace anneal::apps
