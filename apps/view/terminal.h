#pragma once

#include <functional>

namespace anneal::apps {

/// What a stream can show.
struct Terminal {
  bool live = false;     ///< a terminal whose cursor can be moved, not a file or a pipe
  bool colour = false;   ///< live, and NO_COLOR (no-color.org) is unset or empty
  bool unicode = false;  ///< LC_ALL, LC_CTYPE or LANG, the first that is set, names UTF-8
  int columns = 80;      ///< COLUMNS if set, else the window's width, else 80
  int rows = 24;         ///< LINES if set, else the window's height, else 24
};

/// Looks a variable of the environment up; null when it is unset.
using Environment = std::function<const char*(const char* name)>;

/// What the stream behind a file descriptor can show now; ask again after the window was resized.
Terminal find_terminal(int descriptor);
Terminal find_terminal(int descriptor, const Environment& environment);

}  // namespace anneal::apps
