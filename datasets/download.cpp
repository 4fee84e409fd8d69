#include "datasets/download.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
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

/// What grows until the file is whole.
struct Part {
  std::filesystem::path path;
  std::unique_ptr<std::FILE, CloseFile> file;
  std::uint64_t size = 0;
  std::uint64_t most;
  std::string fault;  ///< why no more can go into it: nothing helps then

  Part(const std::filesystem::path& p, std::uint64_t most_bytes)
      : path(p), file(std::fopen(p.c_str(), "ab")), most(most_bytes) {
    std::error_code error;
    size = file ? std::filesystem::file_size(path, error) : 0;
    if (!file)
      cannot_be_written(errno);
    else if (error)
      cannot_be_written(error.value());
  }

  void cannot_be_written(int error) {
    fault = path.string() + " cannot be written: " + std::strerror(error);
  }

  bool add(const char* data, std::size_t bytes) {
    if (bytes > most - std::min(most, size)) {
      fault = "there is more than the " + std::to_string(most) + " bytes that are wanted";
      return false;
    }
    if (std::fwrite(data, 1, bytes, file.get()) != bytes) {
      cannot_be_written(errno);
      return false;
    }
    size += bytes;
    return true;
  }

  void finish() {
    if (std::fflush(file.get()) != 0 || fsync(fileno(file.get())) != 0) cannot_be_written(errno);
  }
};

std::size_t on_data(char* data, std::size_t /*always 1*/, std::size_t bytes, void* part) {
  return static_cast<Part*>(part)->add(data, bytes) ? bytes : 0;
}

/// One try: appends to the part whatever of the URL is not in it yet.
CURLcode attempt(const std::string& url, Part& part, const DownloadOptions& options,
                 std::string& why) {
  const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
  if (!curl) {
    why = "libcurl does not start";
    return CURLE_FAILED_INIT;
  }
  Report report{options.progress, url.substr(url.rfind('/') + 1), static_cast<double>(part.size)};
  std::array<char, CURL_ERROR_SIZE> message{};
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(curl.get(), option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_WRITEDATA, &part);
  set(CURLOPT_WRITEFUNCTION, on_data);
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout_ms);
  set(CURLOPT_LOW_SPEED_LIMIT, 1000L);
  set(CURLOPT_LOW_SPEED_TIME, options.stall_timeout_s);
  set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(part.size));
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
  return code;
}

/// Trying again cannot help when the host is unknown, or has no such file.
bool hopeless(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
         code == CURLE_HTTP_RETURNED_ERROR || code == CURLE_FILE_COULDNT_READ_FILE;
}

}  // namespace

std::filesystem::path part_of(const std::filesystem::path& file) {
  return file.string() + ".part";
}

std::string download(const std::string& url, const std::filesystem::path& file,
                     const DownloadOptions& options) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::filesystem::path path = part_of(file);
  std::error_code error;
  std::string why;
  for (int i = 0; i < options.attempts; ++i) {
    Part part(path, options.most_bytes);
    const bool resumed = part.size > 0;
    const CURLcode code = part.fault.empty() ? attempt(url, part, options, why) : CURLE_WRITE_ERROR;
    if (part.fault.empty()) part.finish();
    part.file.reset();
    if (!part.fault.empty()) {
      why = part.fault;
      std::filesystem::remove(path, error);
      if (!resumed) break;
      continue;  // what was there already may have been at fault
    }
    if (code == CURLE_OK) {
      std::filesystem::rename(path, file, error);
      return error ? file.string() + ": " + error.message() : "";
    }
    // A part that the server cannot go on from is of no use.
    if (code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME || part.size == 0)
      std::filesystem::remove(path, error);
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
