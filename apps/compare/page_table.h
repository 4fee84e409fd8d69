#pragma once
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "apps/compare/comparison.h"
#include "apps/compare/page_plots.h"
#include "apps/view/text.h"

namespace anneal::apps {

/// A table of a report's page, written row by row. Heads and cells are markup; names are escaped.
class Table {
 public:
  Table(std::string_view kind, std::string_view caption) {
    html_ = fmt::format(R"(<div class="scroll" tabindex="0" role="region" aria-label="{1}">)"
                        R"(<table class="numbers {0}"><caption>{1}</caption>)"
                        "\n<thead><tr>",
                        kind, escape_markup(caption));
  }
  void head(const std::string& html, std::string_view kind = "") {
    html_ += fmt::format(R"(<th scope="col" class="{}">{}</th>)", kind, html);
  }
  void row(std::size_t series) {
    html_ += fmt::format("</tr>{}\n<tr data-series=\"{}\">", rows_++ == 0 ? "</thead><tbody>" : "",
                         series);
  }
  void last_row() { html_ += "</tr>\n<tr class=\"last\">"; }
  void name(const Contestant& one, std::size_t series) {
    html_ +=
        fmt::format(R"(<th scope="row" title="{}">{}<code>{}</code></th>)",
                    escape_markup(one.canonical), swatch(series), escape_markup(one.entrant.name));
  }
  void cell(const std::string& html, std::string_view kind = "") {
    html_ += fmt::format(R"(<td class="{}">{}</td>)", kind, html);
  }
  /// `field` is a column's name in the CSV, or that of a mean of it.
  void value(std::string_view field, double value, const std::string& text,
             std::string_view kind = "") {
    html_ += fmt::format(R"(<td class="{}" data-field="{}" data-value="{}">{}</td>)", kind, field,
                         value, text);
  }
  std::string take() { return html_ + "</tr></tbody></table></div>\n"; }

 private:
  std::string html_;
  int rows_ = 0;
};

}  // namespace anneal::apps
