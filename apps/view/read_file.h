#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace anneal::apps {

/// The bytes of a regular file of at most `limit` bytes. Throws std::runtime_error with file and
/// reason, also for what is no regular file: a device may never end, a pipe may never begin.
std::string read_file(const std::filesystem::path& path, std::uint64_t limit);

/// The same of a longer file: its first `most` bytes.
std::string read_start(const std::filesystem::path& path, std::uint64_t most);

}  // namespace anneal::apps
