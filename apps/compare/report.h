#pragma once
#include <string>
#include <vector>

#include "apps/compare/comparison.h"

namespace anneal::apps {

/// What a report says beside the results.
struct ReportFacts {
  std::string command = {};     ///< that makes the same report again
  std::string dataset = {};     ///< its name
  std::string data = {};        ///< how many examples
  std::string conditions = {};  ///< network, optimizer, budget
  std::string machine = {};
};

/// The report as Markdown whose tables are aligned, so that a terminal can show it as it is: the
/// answer in a sentence, the test at each schedule's own best peak, the losses at every peak, and
/// what these numbers cannot say.
std::string report_text(const Comparison& comparison, const std::vector<Contestant>& contestants,
                        const ReportFacts& facts);

/// A line for each schedule and fresh seed, with every digit.
std::string report_csv(const Comparison& comparison, const std::vector<Contestant>& contestants);

}  // namespace anneal::apps
