#pragma once
#include <filesystem>
#include <string>

namespace anneal::apps {

/// Writes a file whole or not at all: beside it first, then renamed. Throws std::runtime_error
/// naming the file.
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace anneal::apps
