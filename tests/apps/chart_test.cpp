#include "apps/view/chart.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "apps/view/scale.h"
#include "apps/view/sparkline.h"
#include "apps/view/terminal.h"
#include "apps/view/text.h"

using namespace anneal::apps;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string without_colours(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      i = text.find('m', i);
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<Series> waves(int count) {
  std::vector<Series> series(static_cast<std::size_t>(count));
  for (int s = 0; s < count; ++s) {
    Series& one = series[static_cast<std::size_t>(s)];
    one.name = "wave " + std::to_string(s);
    for (int i = 0; i <= 500; ++i) {
      one.x.push_back(i);
      one.y.push_back(2.0 + std::sin(i / 50.0 + s));
    }
  }
  return series;
}

std::vector<std::string> texts(const Scale& scale) {
  std::vector<std::string> out;
  for (const Tick& tick : scale.ticks()) out.push_back(tick.text);
  return out;
}

using Texts = std::vector<std::string>;
constexpr auto linear = Scale::Kind::linear;
constexpr auto logarithmic = Scale::Kind::logarithmic;
constexpr auto exact = Scale::Ends::exact;
constexpr auto rounded = Scale::Ends::rounded;

}  // namespace

TEST_CASE("a rising line in ASCII") {
  const std::vector<Series> series = {{"lr", {0, 10}, {0, 1}}};
  CHECK(terminal_chart(series, {.title = "A title",
                                .x_label = "updates",
                                .y_label = "lr",
                                .width = 30,
                                .height = 11,
                                .unicode = false}) ==
        "A title\n"
        "lr\n"
        "1.0 +                      ***\n"
        "    |                 *****\n"
        "    |            *****\n"
        "0.5 +        ****\n"
        "    |   *****\n"
        "  0 +***\n"
        "    ++-----------+-----------+\n"
        "     0           5          10\n"
        "              updates\n");
}

TEST_CASE("braille dots lie where the points are") {
  // Two columns by one row of cells hold 4 x 4 dots; here only the corners are asked for.
  const std::vector<Series> series = {{"", {0, 1, 2, 3}, {0, NAN, NAN, 1}}};
  const auto lines = lines_of(terminal_chart(series, {.width = 30, .height = 8}));
  CHECK(lines.front().ends_with("⠈"));                            // dot 4: top right
  CHECK(lines[lines.size() - 3].find("⡀") != std::string::npos);  // dot 7: bottom left
}

TEST_CASE("a chart has the size that was asked for, whatever is in it") {
  for (const int width : {30, 31, 57, 80, 200}) {
    for (const int height : {8, 12, 40}) {
      for (const int count : {1, 2, 3}) {
        for (const bool unicode : {false, true}) {
          CAPTURE(width);
          CAPTURE(height);
          CAPTURE(count);
          const auto lines = lines_of(terminal_chart(
              waves(count),
              {.x_label = "x", .width = width, .height = height, .unicode = unicode}));
          const bool wrapped = width < 60 && count > 2;  // the legend then takes more lines
          if (!wrapped) CHECK(static_cast<int>(lines.size()) == height);
          for (const std::string& line : lines) CHECK(columns_of(line) <= width);
        }
      }
    }
  }
}

TEST_CASE("colour adds nothing but colour, and is absent unless asked for") {
  const auto series = waves(3);
  for (const bool unicode : {false, true}) {
    const std::string plain = terminal_chart(series, {.unicode = unicode});
    const std::string coloured = terminal_chart(series, {.colour = true, .unicode = unicode});
    CHECK(plain.find('\x1b') == std::string::npos);
    CHECK(coloured.find("\x1b[38;5;166m") != std::string::npos);
    // Spaces at the end of a line may differ: there a colour ends.
    CHECK(without_colours(coloured) == plain);
  }
}

TEST_CASE("without colour each series still carries its marker") {
  const auto in_plot = [](const std::string& chart, char marker) {
    const auto lines = lines_of(chart);
    return std::any_of(lines.begin() + 1, lines.end() - 2, [=](const std::string& line) {
      return line.find(marker) != std::string::npos;
    });
  };
  const std::string braille = terminal_chart(waves(3), {});
  CHECK(lines_of(braille).front() == "a wave 0   b wave 1   c wave 2");
  const std::string ascii = terminal_chart(waves(3), {.unicode = false});
  CHECK(lines_of(ascii).front() == "* wave 0   o wave 1   + wave 2");
  for (const char marker : {'a', 'b', 'c'}) CHECK(in_plot(braille, marker));
  for (const char marker : {'*', 'o', '+'}) CHECK(in_plot(ascii, marker));
  CHECK(terminal_chart(waves(1), {}).find("wave") == std::string::npos);
}

TEST_CASE("one outlier among a hundred thousand points is seen") {
  Series series{"", {}, {}};
  for (int i = 0; i < 100'000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 54'321 ? 9.9 : 0.0);
  }
  const auto lines =
      lines_of(terminal_chart(std::span(&series, 1), {.height = 20, .unicode = false}));
  CHECK(lines.front().find('*') != std::string::npos);
}

TEST_CASE("points that have no place are skipped and do not stretch the axes") {
  const std::vector<Series> gaps = {{"", {0, 1, 2, 3}, {1, NAN, HUGE_VAL, 2}}};
  const std::string chart = terminal_chart(gaps, {.unicode = false});
  CHECK(chart.find("nan") == std::string::npos);
  CHECK(std::count(chart.begin(), chart.end(), '*') == 2);  // nothing joins them

  const std::vector<Series> decay = {{"", {0, 1, 2, 3}, {100, 10, 1, 0}}};
  const auto lines = lines_of(terminal_chart(decay, {.height = 11, .log_y = true}));
  CHECK(lines.front().starts_with("100 ┤"));
  CHECK(lines[4].starts_with(" 10 ┤"));
  CHECK(lines[8].starts_with("  1 ┤"));

  const std::vector<Series> none = {{"", {0, 1}, {NAN, NAN}}};
  for (const bool unicode : {false, true}) {
    CHECK(terminal_chart(none, {.unicode = unicode}).find("no points to draw") !=
          std::string::npos);
    CHECK(terminal_chart({}, {.unicode = unicode}).find("no points to draw") != std::string::npos);
  }
}

TEST_CASE("a logarithmic x axis, and a single point as a letter") {
  const std::vector<Series> series = {{"a line in log x", {0, 0.01, 0.1, 1, 100}, {0, 0, 1, 2, 4}},
                                      {"a point", {1}, {2}}};
  CHECK(terminal_chart(series, {.width = 31, .height = 9, .unicode = false, .log_x = true}) ==
        "* a line in log x   o a point\n"
        "4 +                         ***\n"
        "  |                    *****\n"
        "  |                ****\n"
        "2 +          ***o**\n"
        "  |    ******\n"
        "0 +****\n"
        "  ++-------------------+-------\n"
        " 0.01                 10\n");
  const std::string braille = terminal_chart(series, {.width = 31, .height = 9, .log_x = true});
  CHECK(braille.find('b', braille.find('\n')) != std::string::npos);
}

TEST_CASE("a name from a file cannot drive the terminal") {
  const std::vector<Series> series = {{"\x1b[2J\r\n", {0}, {1}}, {"\xC2\x9B", {0}, {1}}};
  const std::string chart = terminal_chart(series, {.title = "\a", .x_label = "\b"});
  for (const char c : chart) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
  CHECK(chart.find("a ?[2J??   b ?") != std::string::npos);
}

TEST_CASE("series that are none are refused, by name") {
  const std::vector<Series> uneven = {{"loss", {0, 1, 2}, {1, 2}}};
  CHECK_THROWS_WITH_AS(terminal_chart(uneven, {}),
                       "series 'loss' has 3 x and 2 y; they come in pairs", std::invalid_argument);
  const std::vector<Series> falling = {{"loss", {0, 2, 1}, {1, 2, 3}}};
  CHECK_THROWS_WITH_AS(terminal_chart(falling, {}),
                       "series 'loss': x[2] is 1; x are finite and do not fall",
                       std::invalid_argument);
  const std::vector<Series> nowhere = {{"loss", {NAN}, {1}}};
  CHECK_THROWS_WITH_AS(terminal_chart(nowhere, {}),
                       "series 'loss': x[0] is nan; x are finite and do not fall",
                       std::invalid_argument);
}

TEST_CASE("thinning keeps each column's ends and extremes, and where a curve breaks") {
  const std::vector<double> x = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<double> y = {5, 9, 5, 5, 1, 5, NAN, NAN, 5, 6};
  CHECK(thin(x, y, 1) == std::vector<std::size_t>{0, 1, 4, 5, 6, 8, 9});
  CHECK(thin(x, y, 1000) == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6, 8, 9});
  CHECK(thin({}, {}, 10).empty());
  const std::vector<double> one_place(50, 3.0);
  CHECK(thin(one_place, one_place, 10) == std::vector<std::size_t>{0, 49});
}

TEST_CASE("ticks are round and written with the digits that tell them apart") {
  CHECK(texts({0, 2150, linear, exact, 5}) == Texts{"0", "500", "1000", "1500", "2000"});
  CHECK(texts({0, 0.001, linear, rounded, 5}) ==
        Texts{"0", "0.0002", "0.0004", "0.0006", "0.0008", "0.0010"});
  CHECK(texts({0, 4e-5, linear, rounded, 4}) == Texts{"0", "1e-5", "2e-5", "3e-5", "4e-5"});
  CHECK(texts({0, 60'000, linear, rounded, 3}) == Texts{"0", "20k", "40k", "60k"});
  CHECK(texts({0, 11'000, linear, rounded, 6}) == Texts{"0", "2k", "4k", "6k", "8k", "10k", "12k"});
  CHECK(texts({-1, 1, linear, rounded, 4}) == Texts{"-1.0", "-0.5", "0", "0.5", "1.0"});
  CHECK(texts({0.1, 0.1, linear, rounded, 2}) == Texts{"0.05", "0.10", "0.15"});
  CHECK(texts({0.03, 2.3, logarithmic, rounded, 8}) ==
        Texts{"0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5"});
  CHECK(texts({1e-8, 1, logarithmic, rounded, 5}) == Texts{"1e-8", "1e-6", "1e-4", "0.01", "1"});
}

TEST_CASE("an axis holds its data, rises, and has at least two ticks, however odd the data") {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double huge = 1e300;
  const std::array values = {-huge, -1e9, -3.7, 0.0,    tiny,   1e-300,  9.99e-4,
                             0.1,   0.3,  1.0,  1.0001, 2150.0, 1e9 + 1, huge};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = i; j < values.size(); ++j) {
      for (const auto kind : {linear, logarithmic}) {
        for (const int wanted : {2, 5, 8}) {
          const double low = values.at(i);
          const double high = values.at(j);
          if (!Scale::holds(low, kind)) continue;
          CAPTURE(low);
          CAPTURE(high);
          CAPTURE(wanted);
          const Scale scale(low, high, kind, rounded, wanted);
          CHECK(scale(low) >= -1e-9);
          CHECK(scale(high) <= 1.0 + 1e-9);
          CHECK(scale.ticks().size() >= 2);
          CHECK(scale.ticks().size() <= 30);
          for (std::size_t t = 1; t < scale.ticks().size(); ++t) {
            CHECK(scale.ticks()[t - 1].value < scale.ticks()[t].value);
            CHECK(scale.ticks()[t - 1].text != scale.ticks()[t].text);
          }
        }
      }
    }
  }
}

TEST_CASE("a sparkline shows the shape of a curve in one line") {
  const std::vector<double> ramp = {0, 1, 2, 3, 4, 5, 6, 7};
  CHECK(sparkline(ramp, 8) == "▁▂▃▄▅▆▇█");
  CHECK(sparkline(ramp, 4) == "▂▄▆█");
  CHECK(sparkline(ramp, 16) == "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██");
  CHECK(sparkline(ramp, 8, false) == "_.:-=+*#");
  CHECK(sparkline(std::vector<double>{3, 3}, 2) == "██");  // measured from 0
  CHECK(sparkline(std::vector<double>{0, 0}, 2) == "▁▁");
  CHECK(sparkline(std::vector<double>{0, NAN, 1}, 3) == "▁ █");
  CHECK(sparkline({}, 3) == "   ");
  CHECK(sparkline(ramp, 0).empty());
}

TEST_CASE("numbers, durations and names are written for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(-1234567) == "-1,234,567");
  CHECK(clock_text(7.4) == "0:07");
  CHECK(clock_text(754) == "12:34");
  CHECK(clock_text(3723) == "1:02:03");
  CHECK(clock_text(-1) == "?");
  CHECK(clock_text(NAN) == "?");
  CHECK(rate_text(12.3) == "12");
  CHECK(rate_text(999.7) == "1.0k");
  CHECK(rate_text(312'345) == "312k");
  CHECK(rate_text(1.25e6) == "1.2M");
  CHECK(number_text(0.1, 3) == "0.1");
  CHECK(number_text(8.1e-4, 3) == "8.1e-4");
  CHECK(number_text(1e-5, 3) == "1e-5");
  CHECK(number_text(1.5e30, 3) == "1.5e30");
  CHECK(number_text(NAN, 3) == "nan");
  CHECK(loss_text(0.08312) == "0.0831");
  CHECK(loss_text(12'345.6) == "1.235e4");
  CHECK(loss_text(INFINITY) == "diverged");
  CHECK(printable("caf\u00e9\t\x7f\xff", true) == "caf\u00e9???");
  CHECK(printable("caf\u00e9", false) == "caf?");
  CHECK(shorten("caf\u00e9 au lait", 6, true) == "caf\u00e9 …");
  CHECK(shorten("latte", 5, true) == "latte");
  CHECK(shorten("latte", 3, false) == "la.");
  CHECK(columns_of("caf\u00e9") == 4);
  CHECK(escape_markup("<a href=\"x\" b='&'>\x01\xff") ==
        "&lt;a href=&quot;x&quot; b=&#39;&amp;&#39;&gt;\uFFFD\uFFFD");
}

TEST_CASE("a pipe is no terminal; the environment says what it can show") {
  std::array<int, 2> ends = {};
  REQUIRE(::pipe(ends.data()) == 0);
  const auto found = [&](const std::map<std::string, const char*>& variables) {
    return find_terminal(ends[1], [&](const char* name) {
      const auto value = variables.find(name);
      return value == variables.end() ? nullptr : value->second;
    });
  };
  CHECK_FALSE(found({}).live);
  CHECK_FALSE(found({}).colour);
  CHECK_FALSE(found({}).unicode);
  CHECK(found({}).columns == 80);
  CHECK(found({}).rows == 24);
  CHECK(found({{"LANG", "en_GB.UTF-8"}}).unicode);
  CHECK(found({{"LANG", "C.utf8"}}).unicode);
  CHECK_FALSE(found({{"LANG", "en_GB.UTF-8"}, {"LC_ALL", "C"}}).unicode);
  CHECK(found({{"LANG", "C"}, {"LC_ALL", ""}, {"LC_CTYPE", "C.UTF-8"}}).unicode);
  CHECK(found({{"COLUMNS", "132"}}).columns == 132);
  CHECK(found({{"LINES", "50"}}).rows == 50);
  for (const char* nonsense : {"", "0", "-5", "wide", "80x", "999999999999"}) {
    CHECK(found({{"COLUMNS", nonsense}}).columns == 80);
  }
  ::close(ends[0]);
  ::close(ends[1]);
}
