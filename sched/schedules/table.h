#pragma once
#include <optional>

#include "sched/registry.h"
#include "sched/values_file.h"

namespace anneal::sched {

/// For a curve drawn by hand or written by another program; what `anneal schedules --format csv`
/// writes can be read back.
struct Table {
  std::string file;
  int column = 0;
  bool fit = false;
  Numbers values = {1.0, 0.5, 0.0};

  static constexpr std::string_view name = "table";
  static constexpr std::string_view help =
      "Factors from a list or a CSV file, one for each update.";
  static constexpr std::string_view when =
      "For a curve that was drawn by hand or exported by another program.";
  static constexpr std::array<std::string_view, 3> shown{"table:fit=true",
                                                         "table:fit=true,values=[0,1,0.3,0.3,0]",
                                                         "table:fit=true,values=[1,0.2,0.8,0]"};
  static constexpr std::string_view formula = "values[step], or as far along the values as t is";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    return std::array{
        param<&Table::file>("file", "CSV file with a row for each value; none: `values` counts"),
        param<&Table::column>("column", 0, 100000, "", "of the file, counted from 1; 0: the last"),
        param<&Table::fit>("fit",
                           "whether the values are spread over the stage, with straight "
                           "lines between them, instead of one an update"),
        param<&Table::values>("values", 0.0, 1e6, "factor", "the values, if there is no file")};
  }

  std::string complaint() const {
    return file.empty() && values.empty() ? "the list of values is empty" : "";
  }

  /// The same by its values alone, where they stand in a file.
  std::optional<Table> written_out() const {
    if (file.empty()) return {};
    return Table{.file = {}, .column = 0, .fit = fit, .values = read_values(file, column)};
  }

  struct Lookup {
    Numbers values;
    bool fit;
    double operator()(const Clock& now) const {
      const auto last = static_cast<double>(values.size() - 1);
      const double at = fit ? now.progress() * last : std::min(now.elapsed(), last);
      const auto i = static_cast<std::size_t>(at);
      const double beyond = at - static_cast<double>(i);
      return beyond == 0.0 ? values[i] : (1.0 - beyond) * values[i] + beyond * values[i + 1];
    }
  };
  Lookup prepared() const { return {values, fit}; }
};
inline const bool table_registered = add<Table>();

}  // namespace anneal::sched
