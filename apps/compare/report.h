#pragma once
#include <string>
#include <vector>

#include "apps/compare/comparison.h"
#include "apps/compare/judge.h"

/// What came of a comparison, told in three ways from the same numbers: Markdown whose tables are
/// aligned, so that a terminal can show it as it is; CSV with every digit; and one HTML page.
namespace anneal::apps {

/// A comparison and what came of it.
struct Study {
  Comparison comparison = {};
  std::string conditions = {};  ///< network, optimizer, budget
  std::vector<Contestant> contestants = {};
  Judgement judgement = {};  ///< of their metrics_of()
  std::string train = {};    ///< the command of the first run of the first of them; may be empty

  /// By the validation loss, which orders the tables.
  const std::vector<Verdict>& verdicts() const { return judgement.verdicts.at(0); }
};

struct Report {
  std::string title = {};           ///< "9 schedules on mnist"
  std::string about = {};           ///< a sentence or two on a preset; may be empty
  std::string command = {};         ///< that makes the same report again
  std::string data = {};            ///< its name, and how many examples
  std::string machine = {};         ///< with versions and time
  std::string comparison = {};      ///< SHA-256 of the file that has its options
  double target = 0.0;              ///< validation accuracy to be reached, a fraction
  std::vector<Study> studies = {};  ///< one for each budget
};

std::string report_text(const Report& report);

/// The trials that decide, a line each.
std::string results_csv(const Report& report);
/// Final validation loss of the trials that tuned, a line each.
std::string tuning_csv(const Report& report);
/// Validation loss and accuracy of the trials that decide, a line for each evaluation.
std::string curves_csv(const Report& report);

/// What each study claims, and how it was tested: an object whose "studies" are those of
/// judgement_json.h, with their "epochs", and a "comparison", the digest of its options.
std::string verdict_json(const Report& report);

/// One HTML file that needs no other and no network.
std::string report_page(const Report& report);

}  // namespace anneal::apps
