#pragma once
#include <filesystem>
#include <string_view>

namespace anneal::apps {

/// Writes a file whole or not at all, and so that it outlives a loss of power: into a file of a new
/// name beside it, which is synced and renamed. Whoever reads it meanwhile, and whatever other
/// process writes it at the same time, sees one text or another, whole. What is not a regular file,
/// such as /dev/stdout, is written into; a symbolic link stays one. What killed processes left of
/// their attempts is removed when it is an hour old. Throws std::runtime_error with file and
/// reason.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Calls write(), then print(), also when writing fails: a result that was computed is not lost
/// with a full disk, nor are its files when whoever reads standard output has gone.
template <class Write, class Print>
void write_then_print(const Write& write, const Print& print) {
  try {
    write();
  } catch (...) {
    print();
    throw;
  }
  print();
}

}  // namespace anneal::apps
