#include "apps/view/download_progress.h"

#include <fmt/format.h>

namespace anneal::apps {

void DownloadProgress::operator()(const std::string& file, double arrived, double total) {
  using namespace std::chrono_literals;
  if (arrived <= 0.0) return;  // a server that was not reached has nothing
  const auto now = std::chrono::steady_clock::now();
  const bool new_file = file != file_;
  if (!new_file && arrived == arrived_) return;
  const bool whole = total > 0.0 && arrived >= total;
  if (new_file) {
    end_line();
    file_ = file;
    if (!live_)
      out_ << "anneal: downloading " << file
           << (total > 0.0 ? fmt::format(", {:.1f} MB", total / 1e6) : "") << std::endl;
  }
  arrived_ = arrived;
  if (!live_ || (!new_file && !whole && now - shown_ < 100ms)) return;
  shown_ = now;
  out_ << fmt::format("\r\x1b[Kanneal: downloading {}, {:.1f}", file, arrived / 1e6)
       << (total > 0.0
               ? fmt::format(" of {:.1f} MB ({:.0f} %)", total / 1e6, 100.0 * arrived / total)
               : std::string(" MB"))
       << std::flush;
  in_line_ = true;
  if (whole) end_line();
}

void DownloadProgress::end_line() {
  if (in_line_) out_ << std::endl;
  in_line_ = false;
}

}  // namespace anneal::apps
