#include "apps/view/quote.h"

#include <doctest/doctest.h>

#include "apps/view/table.h"

using namespace anneal::apps;

TEST_CASE("a field of CSV is quoted, and is no formula") {
  CHECK(csv_field("warmup@5% | cosine") == R"("warmup@5% | cosine")");
  CHECK(csv_field("a,b\"c") == R"("a,b""c")");
  CHECK(csv_field("") == R"("")");
  CHECK(csv_field("two\nlines\r\x1b[31m\xff") == R"("two?lines??[31m?")");
  for (const char* formula : {"=HYPERLINK(\"x\")", "+1", "-1", "@SUM(1)", " =1", "\t=1"}) {
    CAPTURE(formula);
    CHECK(csv_field(formula).starts_with("\"'"));
  }
  CHECK(csv_field("0.5 - cosine") == R"("0.5 - cosine")");
}

TEST_CASE("words stay words in Markdown") {
  CHECK(markdown_code("torch.StepLR(30)") == "`torch.StepLR(30)`");
  CHECK(markdown_code("a`b\nc\x1b[2J") == "`a'b?c?[2J`");
  CHECK(markdown_text("linear, adam (edge)") == "linear, adam (edge)");
  CHECK(markdown_text("a*b*_c_ [d](e) <script> # `f` \\ ~ &amp;") ==
        R"(a\*b\*\_c\_ \[d\](e) \<script\> \# \`f\` \\ \~ \&amp;)");
}

TEST_CASE("a bar does not end a cell of a table") {
  CHECK(table({{"schedule", "loss"}, {"`warmup | cosine`", "0.1"}}) ==
        "| schedule           | loss |\n"
        "|--------------------|-----:|\n"
        "| `warmup \\| cosine` |  0.1 |\n");
}
