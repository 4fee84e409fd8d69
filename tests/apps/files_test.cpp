#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "apps/view/read_file.h"
#include "apps/view/write_file.h"

using namespace anneal::apps;

namespace {

namespace fs = std::filesystem;

/// A folder of this process, gone with the object.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("anneal_files_test_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

constexpr std::uint64_t enough = 1 << 20;

template <class Act>
std::string message_of(const Act& act) {
  try {
    act();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a file is written and read whole, beside nothing else") {
  const Folder folder;
  const fs::path file = folder.path / "text";
  const std::string long_name(250, 'x');
  for (const std::string& text : {std::string("one\n"), std::string(100'000, 'y'), std::string()}) {
    write_file(file, text);
    CHECK(read_file(file, enough) == text);
    CHECK(folder.files() == 1);
  }
  write_file(folder.path / long_name, "as long as a name may be");
  CHECK(folder.files() == 2);
  const fs::path before = fs::current_path();
  fs::current_path(folder.path);
  write_file("relative", "x");
  fs::current_path(before);
  CHECK(read_file(folder.path / "relative", 1) == "x");
}

TEST_CASE("readers and other writers of a file see one text or another, whole") {
  const Folder folder;
  const fs::path file = folder.path / "text";
  write_file(file, std::string(50'000, 'a'));
  std::atomic<bool> over = false;
  std::atomic<int> torn = 0;
  std::thread reader([&] {
    while (!over) {
      const std::string text = read_file(file, enough);
      if (text != std::string(50'000, text.empty() ? '?' : text[0])) ++torn;
    }
  });
  std::vector<std::thread> writers;
  for (const char letter : {'b', 'c', 'd', 'e'})
    writers.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) write_file(file, std::string(50'000, letter));
    });
  for (std::thread& writer : writers) writer.join();
  over = true;
  reader.join();
  CHECK(torn == 0);
  CHECK(folder.files() == 1);
}

TEST_CASE("what was never finished is removed when it is old, and not before") {
  const Folder folder;
  const fs::path dead = folder.path / ".anneal-0123456789abcdef.unfinished";
  const fs::path alive = folder.path / ".anneal-fedcba9876543210.unfinished";
  const fs::path other = folder.path / "thesis.unfinished";
  for (const fs::path& file : {dead, alive, other}) std::ofstream(file) << "x";
  const auto age = [](const fs::path& file, int minutes) {
    fs::last_write_time(file, fs::last_write_time(file) - std::chrono::minutes(minutes));
  };
  age(dead, 61);
  age(alive, 59);
  age(other, 10'000);
  write_file(folder.path / "text", "x");
  CHECK_FALSE(fs::exists(dead));
  CHECK(fs::exists(alive));
  CHECK(fs::exists(other));
}

TEST_CASE("a link stays a link, a device is written into") {
  const Folder folder;
  fs::create_symlink("text", folder.path / "link");
  write_file(folder.path / "link", "first");
  write_file(folder.path / "link", "second");
  CHECK(fs::is_symlink(folder.path / "link"));
  CHECK(read_file(folder.path / "text", enough) == "second");
  write_file("/dev/null", "nothing");
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("what cannot be written or read is named with the reason, and leaves nothing") {
  const Folder folder;
  const std::string nowhere = (folder.path / "none" / "text").string();
  CHECK(message_of([&] { write_file(nowhere, "x"); }) ==
        nowhere + ": cannot be written: No such file or directory");
  CHECK(message_of([&] { write_file("/dev/full", "x"); }) ==
        "/dev/full: cannot be written: No space left on device");
  CHECK(message_of([&] { read_file(nowhere, enough); }) ==
        nowhere + ": cannot be read: No such file or directory");
  fs::create_directory(folder.path / "folder");
  const std::string a_folder = (folder.path / "folder").string();
  CHECK(message_of([&] { write_file(a_folder, "x"); }).starts_with(a_folder + ": cannot be"));
  CHECK(message_of([&] { read_file(a_folder, enough); }) ==
        a_folder + ": cannot be read: Is a directory");
  CHECK(folder.files() == 1);
}

TEST_CASE("only so much is read, and only of regular files") {
  const Folder folder;
  const std::string file = (folder.path / "text").string();
  write_file(file, "12345");
  CHECK(read_file(file, 5) == "12345");
  CHECK(message_of([&] { read_file(file, 4); }) ==
        file + ": cannot be read: 5 bytes, where at most 4 are wanted");
  CHECK(message_of([] { read_file("/dev/zero", 4); }) ==
        "/dev/zero: cannot be read: not a regular file");
  const std::string pipe = (folder.path / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(message_of([&] { read_file(pipe, 4); }) == pipe + ": cannot be read: not a regular file");
  fs::resize_file(file, std::uint64_t{10} << 30U);  // sparse
  CHECK(message_of([&] { read_file(file, enough); }) ==
        file + ": cannot be read: 10737418240 bytes, where at most 1048576 are wanted");
}
