#include "apps/view/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

namespace anneal::apps {
namespace {

bool names_utf8(std::string_view locale) {
  std::string letters;
  for (const char c : locale) {
    if (c != '-') letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return letters.find("utf8") != std::string::npos;
}

// The first of the counts that is usable: a variable's text, then the window's.
int first_count(std::string_view text, int window, int otherwise) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (whole && count > 0 && count <= 10'000) return count;
  return window > 0 ? window : otherwise;
}

}  // namespace

Terminal find_terminal(int descriptor) {
  return find_terminal(descriptor, [](const char* name) { return std::getenv(name); });
}

Terminal find_terminal(int descriptor, const Environment& environment) {
  const auto variable = [&](const char* name) -> std::string_view {
    const char* const value = environment(name);
    return value == nullptr ? "" : value;
  };
  Terminal found;
  found.live = ::isatty(descriptor) == 1 && variable("TERM") != "dumb";
  found.colour = found.live && variable("NO_COLOR").empty();
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (variable(name).empty()) continue;
    found.unicode = names_utf8(variable(name));
    break;
  }
  winsize window = {};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX declares it so
  if (::ioctl(descriptor, TIOCGWINSZ, &window) != 0) window = {};
  found.columns = first_count(variable("COLUMNS"), window.ws_col, found.columns);
  found.rows = first_count(variable("LINES"), window.ws_row, found.rows);
  return found;
}

}  // namespace anneal::apps
