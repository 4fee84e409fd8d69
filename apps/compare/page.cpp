// The report as one HTML page.
#include "apps/view/page.h"
#include "apps/compare/report.h"

namespace anneal::apps {

std::string report_page(const Report& report) {
  return page_text({.title = report.title, .body = "", .data = "{}", .script = ""});
}

}  // namespace anneal::apps
