#include "datasets/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>

namespace anneal::datasets {
namespace {

struct CloseFile {
  void operator()(std::FILE* f) const { std::fclose(f); }
};
struct CloseCurl {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};

struct Report {
  const DownloadProgress& progress;
  std::string file;
  double already;
};

int on_progress(void* context, curl_off_t total, curl_off_t now, curl_off_t /*up*/,
                curl_off_t /*up_now*/) {
  const auto* report = static_cast<const Report*>(context);
  if (report->progress)
    report->progress(report->file, report->already + static_cast<double>(now),
                     total > 0 ? report->already + static_cast<double>(total) : 0.0);
  return 0;
}

/// One try: appends to `part` whatever of the URL is not in it yet.
CURLcode attempt(const std::string& url, const std::filesystem::path& part,
                 const DownloadOptions& options, std::string& why) {
  const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
  const std::unique_ptr<std::FILE, CloseFile> out(std::fopen(part.c_str(), "ab"));
  if (!curl || !out) {
    why = part.string() + " cannot be written: " + std::strerror(errno);
    return CURLE_WRITE_ERROR;
  }
  std::error_code ignored;
  const auto already = std::filesystem::file_size(part, ignored);
  Report report{options.progress, url.substr(url.rfind('/') + 1), static_cast<double>(already)};
  std::array<char, CURL_ERROR_SIZE> message{};
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_WRITEDATA, out.get());
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout_ms);
  set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
  set(CURLOPT_LOW_SPEED_TIME, options.stall_timeout_s);
  set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(already));
  set(CURLOPT_ERRORBUFFER, message.data());
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFODATA, &report);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  const CURLcode code = curl_easy_perform(curl.get());
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  // "416 Range Not Satisfiable" (RFC 9110, section 15.5.17): the part is as long as the file or
  // longer. curl takes that for a success.
  if (status == 416) {
    why = "the server has no more than is here already";
    return CURLE_RANGE_ERROR;
  }
  if (code != CURLE_OK) why = message[0] != 0 ? message.data() : curl_easy_strerror(code);
  if (code == CURLE_OK && (std::fflush(out.get()) != 0 || fsync(fileno(out.get())) != 0)) {
    why = part.string() + " cannot be written: " + std::strerror(errno);
    return CURLE_WRITE_ERROR;
  }
  return code;
}

/// Trying again cannot help when the host is unknown, or the file cannot be written.
bool hopeless(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
         code == CURLE_HTTP_RETURNED_ERROR || code == CURLE_WRITE_ERROR ||
         code == CURLE_FILE_COULDNT_READ_FILE;
}

}  // namespace

std::filesystem::path part_of(const std::filesystem::path& file) {
  return file.string() + ".part";
}

std::string download(const std::string& url, const std::filesystem::path& file,
                     const DownloadOptions& options) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::filesystem::path part = part_of(file);
  std::string why;
  for (int i = 0; i < options.attempts; ++i) {
    const CURLcode code = attempt(url, part, options, why);
    if (code == CURLE_OK) {
      std::error_code error;
      std::filesystem::rename(part, file, error);
      return error ? file.string() + ": " + error.message() : "";
    }
    // A part that the server cannot go on from is of no use.
    std::error_code ignored;
    if (code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME ||
        std::filesystem::file_size(part, ignored) == 0)
      std::filesystem::remove(part, ignored);
    if (hopeless(code)) break;
  }
  return url + ": " + why;
}

FolderLock::FolderLock(const std::filesystem::path& folder)
    : descriptor_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ >= 0) flock(descriptor_, LOCK_EX);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);  // which gives the lock back
}

}  // namespace anneal::datasets
