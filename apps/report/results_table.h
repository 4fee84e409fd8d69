#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apps/compare/judge.h"

/// A table of anybody's results, read for judge().
namespace anneal::apps {

/// Only rows that have this value in this column count.
struct RowFilter {
  std::string column = {};
  std::string value = {};
};

/// How the columns of a CSV file are to be read.
struct ResultsColumns {
  std::vector<RowFilter> where = {};
  std::string schedule = "schedule";
  std::string seed = "seed";
  std::vector<std::string> metrics = {};  ///< the first decides the order; none given: all others
  std::vector<std::string> higher = {};   ///< metrics of which more is better, whatever their names
  std::vector<std::string> lower = {};    ///< and of which less is
};

struct ResultsTable {
  std::vector<std::string> schedules = {};  ///< as they first appear
  std::vector<Metric> metrics = {};      ///< of the seeds that all schedules have, in rising order
  std::vector<std::int64_t> seeds = {};  ///< those
  std::vector<std::int64_t> left_out = {};  ///< the seeds that some schedule does not have
  std::vector<std::string> guessed = {};    ///< metrics of which less is taken to be better
};

/// Reads a CSV file (RFC 4180, with a header) that has a row for each schedule and seed. A metric's
/// cell is a number, or nan or inf for a run that failed. Throws std::runtime_error naming file,
/// line and column for whatever is unclear, and std::invalid_argument for columns that there are
/// not.
ResultsTable results_table(std::string_view text, const std::string& file,
                           const ResultsColumns& columns);

}  // namespace anneal::apps
