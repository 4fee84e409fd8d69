#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>

namespace anneal::datasets {

/// How much of a file has arrived, in bytes; `total` is 0 while it is unknown.
using DownloadProgress = std::function<void(const std::string& file, double arrived, double total)>;

struct DownloadOptions {
  long connect_timeout_ms = 10'000;
  long stall_timeout_s = 20;  ///< give up after so long with less than 1 kB/s
  int attempts = 3;           ///< each goes on where the one before was cut off
  std::uint64_t most_bytes =  ///< a file that turns out larger is given up
      std::numeric_limits<std::int64_t>::max();
  DownloadProgress progress = {};  ///< may be empty
};

/// Where a file grows until it is whole.
std::filesystem::path part_of(const std::filesystem::path& file);

/// Fetches a URL into a file, by way of its part; resumes a part that an earlier try has left.
/// Returns an empty string, or "URL: why it failed". A part that cannot be written, for want of
/// space or otherwise, or that grows beyond what is wanted, is taken away.
std::string download(const std::string& url, const std::filesystem::path& file,
                     const DownloadOptions& options);

/// While it lives, no other process that asks for the same has the folder: two that download the
/// same file would append to the same part of it.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace anneal::datasets
