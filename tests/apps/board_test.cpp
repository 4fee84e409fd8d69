#include "apps/compare/board.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace anneal::apps;

namespace {

/// Two schedules, a clock that the test turns, and what is on the screen.
struct Scene {
  std::vector<Comparison> comparisons{Comparison{.entrants = {{.name = "good"}, {.name = "bad"}}}};
  double now = 0.0;
  std::ostringstream out;
  BoardView view(bool live, int columns = 80) {
    return {.live = live,
            .unicode = false,
            .columns = [columns] { return columns; },
            .seconds = [this] { return now; }};
  }
};

}  // namespace

TEST_CASE("without a terminal: a plain line at each tenth, with the time left") {
  Scene scene;
  Board board(scene.out, scene.comparisons, 1, scene.view(false));
  board.begun("tuning", 20);
  for (int i = 1; i <= 20; ++i) {
    board.started(0, {0, 0, 0.1, 7}, 10);
    board.updated(0);
    scene.now += 2.0;
    board.finished(0, {0, 0, 0.1, 7}, 1.0, {i, i - 1});
  }
  std::istringstream lines(scene.out.str());
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    CHECK(line.find('\x1b') == std::string::npos);
    if (++count == 5)  // 20 s for the nine that were computed, ten to go
      CHECK(line == "tuning: trial 10 of 20, 0:22 left (1 were there already)");
  }
  CHECK(count == 10);
}

TEST_CASE("of several processes: the trials of all are counted, the losses are this one's") {
  Scene scene;
  BoardView view = scene.view(true, 100);
  view.processes = 4;
  Board board(scene.out, scene.comparisons, 1, view);
  board.begun("tuning", 40);
  scene.now = 10.0;
  board.finished(0, {0, 0, 0.1, 7}, 1.0, {.done = 12, .computed = 10});  // its first
  const std::string screen = scene.out.str();
  // A second for each of those that were computed, 28 to go.
  CHECK(screen.find("tuning, 4 processes: trial 12 of 40, 0:28 left (2 were there already)\n") !=
        std::string::npos);
  CHECK(screen.find("so far    good 1.0000   (of process 1 alone)\n") != std::string::npos);
}

TEST_CASE("in a terminal: each worker, the leaders with intervals, within the width") {
  Scene scene;
  {
    Board board(scene.out, scene.comparisons, 2, scene.view(true, 60));
    board.begun("deciding", 6);
    int done = 0;
    for (const double loss : {0.10, 0.11, 0.12}) {
      board.finished(0, {0, 0, 0.1, 1}, loss, {++done, done});
      board.finished(0, {0, 1, 0.1, 1}, 10 * loss, {++done, done});
    }
    board.started(1, {0, 1, 0.05, 3}, 4);
    scene.now = 5.0;
    scene.out.str("");
    board.updated(1);
    const std::string screen = scene.out.str();
    CHECK(screen.starts_with("\r\x1b[4A\x1b[J########################  deciding: trial 6 of 6"));
    CHECK(screen.find("worker 1  \nworker 2  ####..........  bad at 0.05, seed 3\n") !=
          std::string::npos);
    CHECK(screen.find("so far    good 0.1100 [0.0852, 0.1348]") != std::string::npos);
    std::istringstream lines(screen.substr(8));
    for (std::string line; std::getline(lines, line);) CHECK(line.size() < 60);
    scene.out.str("");
    board.updated(1);  // not again so soon
    CHECK(scene.out.str().empty());
  }
  CHECK(scene.out.str() == "\r\x1b[4A\x1b[J");  // and away
}
