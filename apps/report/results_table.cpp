#include "apps/report/results_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <map>
#include <unordered_map>

#include "apps/compare/verdict_words.h"
#include "apps/fail.h"
#include "apps/report/better.h"
#include "apps/report/csv_rows.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

/// Where in the table a metric is.
struct Column {
  std::size_t at = 0;
  std::string name = {};
};

/// A row's metrics.
struct Cells {
  const CsvRow* row = nullptr;
  std::vector<double> values = {};
};

/// A file that is being read: what is wrong is said with its place.
class Source {
 public:
  Source(std::string_view text, const std::string& file)
      : file_(file), rows_(csv_rows(text, file)) {
    const std::vector<std::string>& names = rows_[0].fields;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i].empty())
        fail(Fault::world, fmt::format("{}:1: column {} has no name", file_, i + 1));
      if (std::ranges::count(names, names[i]) > 1)
        fail(Fault::world, fmt::format("{}:1: there are two columns '{}'", file_, names[i]));
    }
    if (rows_.size() == 1) fail(Fault::world, file_ + ":2: there is no row below the header");
  }

  std::span<const CsvRow> rows() const { return std::span(rows_).subspan(1); }
  const std::vector<std::string>& names() const { return rows_[0].fields; }
  char separator() const { return rows_[0].separator; }

  /// Throws std::invalid_argument for a column that there is not; `option` chooses it.
  Column column(const std::string& name, const char* option) const {
    const auto found = std::ranges::find(names(), name);
    if (found != names().end()) return {static_cast<std::size_t>(found - names().begin()), name};
    fail(Fault::argument,
         fmt::format("{}:1: there is no column '{}' among {}; {} chooses another{}", file_, name,
                     joined(names()), option, sched::did_you_mean(name, names())));
  }
  [[noreturn]] void refuse(const CsvRow& row, const Column& column, const std::string& what) const {
    fail(Fault::world, fmt::format("{}:{}: column '{}': {}", file_, row.line, column.name, what));
  }

 private:
  const std::string& file_;
  std::vector<CsvRow> rows_;
};

std::int64_t seed_of(const Source& source, const CsvRow& row, const Column& column) {
  const std::string& text = row.fields[column.at];
  std::int64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    source.refuse(row, column, fmt::format("'{}' is not a seed, a whole number", text));
  return seed;
}

double value_of(const Source& source, const CsvRow& row, const Column& column) {
  // Squares of what is beyond might overflow, or vanish. Compared by their bits, for a processor
  // that takes denormal numbers for 0 compares them as 0.
  const auto bits = [](double x) { return std::bit_cast<std::uint64_t>(std::abs(x)); };
  const auto beyond = [&](double x) {
    return std::isfinite(x) && bits(x) != 0 && (bits(x) > bits(1e100) || bits(x) < bits(1e-100));
  };
  std::string text = row.fields[column.at];
  if (text.empty())
    source.refuse(row, column, "is empty; a run that failed is written as nan or inf");
  // A decimal comma, where commas do not separate fields.
  if (const std::size_t comma = text.find(',');
      source.separator() != ',' && comma == text.rfind(',') &&
      text.find('.') == std::string::npos && comma != std::string::npos)
    text[comma] = '.';
  const char* begin = text.data() + (text[0] == '+' && text[1] != '-' ? 1 : 0);
  double value = 0.0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range || beyond(value))
    source.refuse(
        row, column,
        fmt::format("'{}' is too large or too small a number, beyond 1e100 or 1e-100", text));
  if (error != std::errc() || end != text.data() + text.size())
    source.refuse(row, column,
                  fmt::format("'{}' is not a number; --metric names the columns that are", text));
  return value;
}

std::vector<Column> metric_columns(const Source& source, const ResultsColumns& columns) {
  std::vector<Column> out;
  if (columns.metrics.empty()) {
    for (const std::string& name : source.names())
      if (name != columns.schedule && name != columns.seed &&
          std::ranges::find(columns.where, name, &RowFilter::column) == columns.where.end())
        out.push_back(source.column(name, "--metric"));
    if (out.empty())
      fail(Fault::argument,
           fmt::format("there is no metric beside '{}' and '{}'", columns.schedule, columns.seed));
  }
  for (const std::string& name : columns.metrics) {
    if (name == columns.schedule || name == columns.seed)
      fail(Fault::argument, fmt::format("--metric: '{}' is no metric", name));
    if (std::ranges::find(out, name, &Column::name) != out.end())
      fail(Fault::argument, fmt::format("--metric: '{}' is given twice", name));
    out.push_back(source.column(name, "--metric"));
  }
  for (const auto* names : {&columns.higher, &columns.lower})
    for (const std::string& name : *names)
      if (std::ranges::find(out, name, &Column::name) == out.end())
        fail(Fault::argument, fmt::format("{}: '{}' is none of the metrics",
                                          names == &columns.higher ? "--higher" : "--lower", name));
  return out;
}

/// What was said, else what the name says.
Better better_of(const std::string& name, const ResultsColumns& columns) {
  const bool higher = std::ranges::find(columns.higher, name) != columns.higher.end();
  const bool lower = std::ranges::find(columns.lower, name) != columns.lower.end();
  if (higher && lower)
    fail(Fault::argument, fmt::format("'{}' is given to --higher and to --lower", name));
  return higher ? Better::higher : lower ? Better::lower : better_by_name(name);
}

/// Which of the chosen rows and columns make two rows of one schedule and seed differ.
std::string told_apart_by(const Source& source, const CsvRow& row, const CsvRow& other,
                          const std::vector<Column>& metrics) {
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    const bool metric = std::ranges::find(metrics, i, &Column::at) != metrics.end();
    if (!metric && row.fields[i] != other.fields[i])
      return fmt::format("; they differ in '{0}': --where {0}={1} takes one kind",
                         source.names()[i], other.fields[i]);
  }
  return {};
}

}  // namespace

ResultsTable results_table(std::string_view text, const std::string& file,
                           const ResultsColumns& columns) {
  const Source source(text, file);
  const Column schedule = source.column(columns.schedule, "--schedule");
  const Column seed = source.column(columns.seed, "--seed");
  if (schedule.at == seed.at)
    fail(Fault::argument, "--schedule and --seed are the same column '" + seed.name + "'");
  const std::vector<Column> metrics = metric_columns(source, columns);
  std::vector<std::pair<Column, std::string>> filters;
  for (const RowFilter& f : columns.where)
    filters.emplace_back(source.column(f.column, "--where"), f.value);

  ResultsTable table;
  std::unordered_map<std::string, std::size_t> places;
  std::map<std::int64_t, std::map<std::size_t, Cells>> by_seed;
  for (const CsvRow& row : source.rows()) {
    if (std::ranges::any_of(filters,
                            [&](const auto& f) { return row.fields[f.first.at] != f.second; }))
      continue;
    const std::string& name = row.fields[schedule.at];
    if (name.empty()) source.refuse(row, schedule, "is empty");
    const auto [place, is_new] = places.emplace(name, table.schedules.size());
    if (is_new) table.schedules.push_back(name);
    const std::int64_t number = seed_of(source, row, seed);
    Cells cells{.row = &row};
    for (const Column& metric : metrics) cells.values.push_back(value_of(source, row, metric));
    const auto [there, first] = by_seed[number].emplace(place->second, std::move(cells));
    if (!first)
      source.refuse(row, seed,
                    fmt::format("'{}' has seed {} already, in line {}", name, number,
                                there->second.row->line) +
                        told_apart_by(source, row, *there->second.row, metrics));
  }
  for (const auto& [number, rows] : by_seed)
    (rows.size() == table.schedules.size() ? table.seeds : table.left_out).push_back(number);
  if (table.schedules.empty()) fail(Fault::argument, file + ": no row is as --where wants it");
  if (table.seeds.empty())
    fail(Fault::world,
         file + ": no seed is there for all schedules, so that nothing can be paired");
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const std::string& name = metrics[m].name;
    const Better better = better_of(name, columns);
    if (better == Better::unknown) table.guessed.push_back(name);
    Metric metric{.name = name, .higher_is_better = better == Better::higher};
    metric.values.assign(table.schedules.size(), {});
    for (const std::int64_t number : table.seeds)
      for (const auto& [place, cells] : by_seed[number])
        metric.values[place].push_back(cells.values[m]);
    table.metrics.push_back(std::move(metric));
  }
  return table;
}

}  // namespace anneal::apps
