#pragma once
#include <string>

#include "apps/compare/report.h"

/// The tables of a report's page, as HTML. They say what report_text() says, in the same words;
/// cells hold in data-value the number that they round, with every digit.
namespace anneal::apps {

/// Losses and accuracies of the fresh seeds, and where each schedule stands.
std::string decided_table(const Study& study);

/// Each beside the baseline: differences with their intervals, and p.
std::string paired_table(const Study& study);

/// Updates to the target, the area under the curve, and how wide the peaks of low loss are.
std::string way_table(const Study& study, double target);

/// Mean loss of the tuning seeds at each peak, and who would have won there.
std::string peaks_table(const Study& study);

/// How many trials chose each peak, and what the choice may have cost.
std::string search_table(const Study& study);

/// The trials that decide, a row each: what results_csv() holds.
std::string trials_table(const Study& study, double target);

}  // namespace anneal::apps
