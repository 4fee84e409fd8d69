#include "datasets/download.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "file_server.h"
#include "temporary.h"

using namespace anneal::datasets;

namespace {

std::string data() {
  std::string bytes;
  for (unsigned i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * i >> 3U);
  return bytes;
}

/// A server with faults, the folder to download into, and what came of it.
struct Download {
  explicit Download(FileServer::Faults faults) : server(data(), std::move(faults)) {
    setenv("no_proxy", "127.0.0.1", 1);
  }
  std::string run() { return download(server.url(), target.path() / "y", {}); }
  bool whole() const {
    return target.read("y") == data() && !std::filesystem::exists(target.path() / "y.part");
  }
  Temporary target;
  FileServer server;
};

using Requests = std::vector<std::string>;

}  // namespace

TEST_CASE("a file is downloaded, and progress ends with all of it") {
  Download d({});
  std::string file;
  double last = 0;
  double of = 0;
  DownloadOptions options;
  options.progress = [&](const std::string& name, double arrived, double total) {
    file = name;
    last = arrived;
    of = total;
  };
  CHECK(download(d.server.url(), d.target.path() / "y", options).empty());
  CHECK(d.whole());
  CHECK(d.server.requests() == Requests{"all"});
  CHECK(file == "file");
  CHECK(last == 300'000);
  CHECK(of == 300'000);
}

TEST_CASE("a download that is cut off goes on where it was cut off") {
  Download d({.cut_after = 100'000});
  CHECK(d.run().empty());
  CHECK(d.whole());
  CHECK(d.server.requests() == Requests{"all", "from 100000"});
}

TEST_CASE("a part that another process left behind is gone on with") {
  Download d({});
  d.target.write("y.part", data().substr(0, 250'000));
  CHECK(d.run().empty());
  CHECK(d.whole());
  CHECK(d.server.requests() == Requests{"from 250000"});
}

TEST_CASE("from a server that cannot go on, a download begins again") {
  Download d({.cut_after = 100'000, .ranges = false});
  CHECK(d.run().empty());
  CHECK(d.whole());
  CHECK(d.server.requests() == Requests{"all", "from 100000", "all"});
}

TEST_CASE("a part that is longer than the file, or as long, is thrown away") {
  for (const std::size_t size : {300'000U, 300'001U}) {
    Download d({});
    d.target.write("y.part", std::string(size, 'x'));
    CHECK(d.run().empty());
    CHECK(d.whole());
    CHECK(d.server.requests() == Requests{"from " + std::to_string(size), "all"});
  }
}

TEST_CASE("an error page is no data; the part is kept for another time") {
  Download d({.status = "503 Busy"});
  d.target.write("y.part", "half");
  CHECK(d.run() == d.server.url() + ": The requested URL returned error: 503");
  CHECK(d.server.requests() == Requests{"from 4"});
  CHECK(d.target.read("y.part") == "half");
  CHECK_FALSE(std::filesystem::exists(d.target.path() / "y"));
}

TEST_CASE("while a folder is locked, no one else can have it") {
  const Temporary folder;
  const int other = open(folder.path().c_str(), O_RDONLY | O_DIRECTORY);
  {
    const FolderLock lock(folder.path());
    CHECK(flock(other, LOCK_EX | LOCK_NB) != 0);
  }
  CHECK(flock(other, LOCK_EX | LOCK_NB) == 0);
  close(other);
}

TEST_CASE("a download that cannot be written, or has nowhere to come from, says so") {
  const Temporary folder;
  const std::string nowhere = (folder.path() / "no" / "y").string();
  CHECK(download("file:///dev/null", nowhere, {}) ==
        "file:///dev/null: " + nowhere + ".part cannot be written: No such file or directory");
  const std::string error = download("file:///no/such/file", folder.path() / "y", {});
  CHECK(error.starts_with("file:///no/such/file: "));
  CHECK(error.size() > std::string("file:///no/such/file: ").size());
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a disk that is full is named with the file, and nothing is left behind") {
  // A limit on the size of files stands for it: nobody has to make a disk.
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  Download d({});
  const rlimit few{100'000, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_FSIZE, &few) == 0);
  const std::string why = d.run();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(why == d.server.url() + ": " + (d.target.path() / "y.part").string() +
                   " cannot be written: File too large");
  CHECK(std::filesystem::is_empty(d.target.path()));
  CHECK(d.server.requests() == Requests{"all"});
}

TEST_CASE("an endless body is given up when there is more than is wanted") {
  Download d({.endless = true});
  DownloadOptions options{.most_bytes = 300'000};
  CHECK(download(d.server.url(), d.target.path() / "y", options) ==
        d.server.url() + ": there is more than the 300000 bytes that are wanted");
  CHECK(std::filesystem::is_empty(d.target.path()));
  CHECK(d.server.requests() == Requests{"all"});
  Download whole({});
  CHECK(download(whole.server.url(), whole.target.path() / "y", options).empty());
  CHECK(whole.whole());
}

TEST_CASE("a part that leaves no room for the rest is thrown away, and the file fetched whole") {
  Download d({});
  d.target.write("y.part", std::string(250'000, 'x'));
  CHECK(download(d.server.url(), d.target.path() / "y", {.most_bytes = 299'999}) ==
        d.server.url() + ": there is more than the 299999 bytes that are wanted");
  CHECK(d.server.requests() == Requests{"from 250000", "all"});
  CHECK(std::filesystem::is_empty(d.target.path()));
}
