#pragma once

#include <string>
#include <string_view>

namespace anneal::apps {

/// What a page of this program consists of.
struct Page {
  std::string title;        ///< words; the heading as well
  std::string body;         ///< HTML, below the heading
  std::string data;         ///< JSON for the script, in #run-data; none of its texts may hold "</"
  std::string_view script;  ///< JavaScript; it finds uPlot, and web/charts.js as chartTools
  std::string_view style = {};  ///< CSS, after that of web/run.css
};

/// One HTML file that needs no other and no network, in the look of web/run.css.
std::string page_text(const Page& page);

}  // namespace anneal::apps
