#include "apps/view/progress.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "apps/view/text.h"

using namespace anneal::apps;

namespace {

const ProgressPlan plan = {.epoch_ends = {10, 20}};

// A progress line whose clock and window the test sets.
struct Screen {
  double seconds = 0.0;
  int columns = 80;
  std::ostringstream out;

  ProgressView view(bool live, bool unicode = false) {
    return {.live = live,
            .unicode = unicode,
            .columns = [this] { return columns; },
            .seconds = [this] { return seconds; }};
  }

  // The line as the last redraw left it.
  std::string line() const {
    const std::string text = out.str();
    const std::size_t begin = text.rfind('\r') + 1;
    return text.substr(begin, text.find('\x1b', begin) - begin);
  }
};

// Half of the run, in 8 seconds.
std::string line_at(int columns, bool unicode = false) {
  Screen screen;
  screen.columns = columns;
  Progress progress(screen.out, plan, screen.view(true, unicode));
  for (int done = 1; done <= 10; ++done) {
    screen.seconds += 0.8;
    progress.step(done, 0.25, 8.1e-4, 128'000);
  }
  progress.evaluated(0.3, 0.9712);
  return screen.line();
}

}  // namespace

TEST_CASE("the line tells everything, in fewer words the narrower the window") {
  CHECK(line_at(120) ==
        "epoch 1/2  ################-----------------   50%  loss 0.2500  accuracy 97.12%  "
        "lr 8.1e-4   160k samples/s  0:08 left");
  CHECK(line_at(80) ==
        "1/2 ###########-----------  50%  loss 0.250  acc 97.1%  lr 8.1e-4  160k/s  0:08");
  CHECK(line_at(60) == "1/2 50% loss 0.250 acc 97.1% lr 8.1e-4 160k/s 0:08");
  CHECK(line_at(40) == "1/2 50% 0.250 97.1% 8.1e-4 160k/s 0:08");
  CHECK(line_at(36) == "1/2 50% 0.25 97% 8e-4 160k 0:08");
  CHECK(line_at(80, true).find("━━━━───") != std::string::npos);
}

TEST_CASE("the line never reaches the last column, however narrow the window") {
  for (int columns = 1; columns < 200; ++columns) {
    CAPTURE(columns);
    CHECK(columns_of(line_at(columns, true)) <= std::max(columns - 1, 1));
    CHECK(columns_of(line_at(columns, false)) <= std::max(columns - 1, 1));
  }
}

TEST_CASE("the line is redrawn in place, ten times a second at most") {
  Screen screen;
  Progress progress(screen.out, {.epoch_ends = {100'000}}, screen.view(true));
  for (int done = 1; done <= 1000; ++done) {
    screen.seconds += 0.001;
    progress.step(done, 1.0, 0.1, 1);
  }
  const std::string text = screen.out.str();
  const auto redraws = std::count(text.begin(), text.end(), '\r');
  CHECK(redraws >= 9);
  CHECK(redraws <= 11);
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("the last line shows the end and is ended, once, on every way out") {
  Screen screen;
  {
    Progress progress(screen.out, plan, screen.view(true));
    for (int done = 1; done <= 20; ++done) {
      screen.seconds += 0.001;  // too soon to be drawn, but for the first
      progress.step(done, 0.25, 0.1, 128);
    }
    progress.finish();
    progress.finish();
    progress.step(20, 0.25, 0.1, 128);
  }
  CHECK(screen.line().find("2/2 #") == 0);
  CHECK(screen.line().find("100%") != std::string::npos);
  CHECK(screen.out.str().ends_with("\x1b[K\n"));
  CHECK(std::ranges::count(screen.out.str(), '\n') == 1);

  Screen broken;
  try {
    Progress progress(broken.out, plan, broken.view(true));
    progress.step(7, 0.25, 0.1, 128);
    throw std::runtime_error("stopped");
  } catch (const std::runtime_error&) {
    CHECK(broken.out.str().ends_with("\x1b[K\n"));
    CHECK(broken.line().find("35%") != std::string::npos);
  }

  Screen unused;
  { const Progress progress(unused.out, plan, unused.view(true)); }
  CHECK(unused.out.str().empty());
}

TEST_CASE("a loss that is not finite is shown, not smoothed away") {
  Screen screen;
  Progress progress(screen.out, plan, screen.view(true));
  progress.step(1, 0.25, 0.1, 128);
  screen.seconds = 1.0;
  progress.step(2, std::numeric_limits<double>::quiet_NaN(), 0.1, 128);
  CHECK(screen.line().find("loss nan") != std::string::npos);
  screen.seconds = 2.0;
  progress.step(3, 0.25, 0.1, 128);
  CHECK(screen.line().find("loss 0.250") != std::string::npos);
}

TEST_CASE("what is not known yet is said to be so") {
  Screen screen;
  Progress progress(screen.out, plan, screen.view(true));
  progress.step(0, 0.25, 0.1, 0);
  CHECK(screen.line().find("acc -") != std::string::npos);
  CHECK(screen.line().find("?/s  ?") != std::string::npos);
}

TEST_CASE("a resumed run reckons its time from where it went on") {
  Screen screen;
  Progress progress(screen.out, {.epoch_ends = {10, 20}, .first_step = 10}, screen.view(true));
  screen.seconds = 4.0;
  progress.step(12, 0.25, 0.1, 800);
  CHECK(screen.line().find("2/2 ") == 0);
  CHECK(screen.line().find("200/s  0:16") != std::string::npos);
}

TEST_CASE("elsewhere than on a terminal it writes a line an epoch, and nothing but text") {
  Screen screen;
  {
    Progress progress(screen.out, plan, screen.view(false));
    for (int done = 1; done <= 20; ++done) {
      screen.seconds += 0.5;
      progress.step(done, 0.25, 0.1, 100);
      if (done == 10) progress.evaluated(0.3, 0.9712);
    }
  }
  CHECK(screen.out.str() ==
        "epoch 1/2  update 10/20  smoothed loss 0.2500  validation loss 0.3000, accuracy 97.12%  "
        "lr 0.1  "
        "200 samples/s\n"
        "epoch 2/2  update 20/20  smoothed loss 0.2500  lr 0.1  200 samples/s\n");
}
