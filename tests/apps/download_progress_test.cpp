#include "apps/view/download_progress.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace anneal::apps;

namespace {

/// What is printed of two files that arrive, as libcurl tells it.
std::string printed(bool live) {
  std::ostringstream out;
  {
    DownloadProgress progress(out, live);
    progress("images.gz", 0, 0);  // not reached yet
    progress("images.gz", 1'000'000, 9'900'000);
    progress("images.gz", 1'000'000, 9'900'000);
    progress("images.gz", 2'000'000, 9'900'000);  // sooner than anybody could read it
    progress("images.gz", 9'900'000, 9'900'000);
    progress("images.gz", 9'900'000, 9'900'000);
    progress("labels.gz", 20'000, 0);
  }
  return out.str();
}

}  // namespace

TEST_CASE("on a terminal a download is one line that grows") {
  CHECK(printed(true) ==
        "\r\x1b[Kanneal: downloading images.gz, 1.0 of 9.9 MB (10 %)"
        "\r\x1b[Kanneal: downloading images.gz, 9.9 of 9.9 MB (100 %)\n"
        "\r\x1b[Kanneal: downloading labels.gz, 0.0 MB\n");
}

TEST_CASE("elsewhere it is a line for each file") {
  CHECK(printed(false) ==
        "anneal: downloading images.gz, 9.9 MB\n"
        "anneal: downloading labels.gz\n");
}
