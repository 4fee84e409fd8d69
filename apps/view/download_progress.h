#pragma once
#include <chrono>
#include <ostream>
#include <string>

namespace anneal::apps {

/// Tells of downloads: on a terminal a line that grows, elsewhere a line when a file begins.
class DownloadProgress {
 public:
  DownloadProgress(std::ostream& out, bool live) : out_(out), live_(live) {}
  ~DownloadProgress() { end_line(); }
  DownloadProgress(const DownloadProgress&) = delete;
  DownloadProgress& operator=(const DownloadProgress&) = delete;

  /// In bytes; `total` is 0 while it is unknown.
  void operator()(const std::string& file, double arrived, double total);

 private:
  void end_line();

  std::ostream& out_;
  bool live_;
  bool in_line_ = false;
  std::string file_;
  double arrived_ = 0.0;
  std::chrono::steady_clock::time_point shown_;
};

}  // namespace anneal::apps
