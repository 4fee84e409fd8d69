#pragma once
#include <string>

#include "apps/compare/report.h"

namespace anneal::apps {

/// The numbers that the charts of a report's page draw, as JSON. It may stand inside a <script>
/// element: no "<" is left in it, whatever the names hold. What is not finite is null.
///
///     {"studies": [{"epochs", "series": [{"name",
///        "rate": {"x", "y"}, "loss" and "accuracy": {"x", "mean", "low", "high"},
///        "peaks", "tuning", "best", "final": {"mean", "low", "high"}}]}]}
///
/// Accuracies are in percent; low and high are those of the seeds, of `final` the ends of the 95 %
/// interval. `tuning` are mean losses at `peaks`; `best` is an index of `peaks`, which are none for
/// one that was not tuned.
std::string comparison_data(const Report& report);

}  // namespace anneal::apps
