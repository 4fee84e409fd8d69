#include "apps/view/page.h"

#include <fmt/format.h>

#include "apps/view/text.h"
#include "apps/web/assets.h"

namespace anneal::apps {

std::string page_text(const Page& page) {
  // The policy is a second lock: even a text left unescaped could not reach the network.
  return fmt::format(R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{0}</title>
<style>
{1}
{2}{8}</style>
</head>
<body>
<main>
<h1>{0}</h1>
{3}</main>
<script type="application/json" id="run-data">{4}</script>
<script>
/* uPlot, which draws the charts:
{5}*/
{6}
</script>
<script>
{9}
{7}</script>
</body>
</html>
)",
                     escape_markup(page.title), web::uplot_uplot_min_css, web::run_css, page.body,
                     page.data, web::uplot_license, web::uplot_uplot_iife_min_js, page.script,
                     page.style, web::charts_js);
}

}  // namespace anneal::apps
