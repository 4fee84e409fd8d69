#pragma once
#include <string>
#include <vector>

#include "apps/compare/judge.h"

namespace anneal::apps {

/// What is said of a table of results.
struct TableReport {
  std::string title = {};
  std::string command = {};                 ///< that makes the same report again
  std::vector<std::string> schedules = {};  ///< their names
  Judgement judgement = {};
  std::vector<std::string> notes = {};  ///< what the table itself cannot say, in words
};

/// What tests and table cannot say; the schedules by these names.
std::vector<std::string> cautions_of(const TableReport& report,
                                     const std::vector<std::string>& names);

/// As Markdown whose tables are aligned, so that a terminal can show it as it is.
std::string table_report_text(const TableReport& report);

/// One HTML file that needs no other and no network, with every number that the text has.
std::string table_report_page(const TableReport& report);

}  // namespace anneal::apps
