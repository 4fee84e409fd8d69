#pragma once
#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

/// An IDX file of bytes.
inline std::string idx(const std::vector<unsigned char>& extents, const std::string& data) {
  std::string bytes{0, 0, 8, static_cast<char>(extents.size())};
  for (const unsigned char e : extents) bytes += std::string(3, '\0') + static_cast<char>(e);
  return bytes + data;
}

/// Names and contents of a set of 3 training and 2 test images of 2 x 2.
inline const std::array<std::pair<std::string, std::string>, 4>& image_files() {
  static const std::array<std::pair<std::string, std::string>, 4> files{
      {{"train-images-idx3-ubyte", idx({3, 2, 2}, "abcdefghijkl")},
       {"train-labels-idx1-ubyte", idx({3}, std::string("\0\1\2", 3))},
       {"t10k-images-idx3-ubyte", idx({2, 2, 2}, "abcdefgh")},
       {"t10k-labels-idx1-ubyte", idx({2}, std::string("\2\1", 2))}}};
  return files;
}

/// Writes the set into a folder, which is made if it is not there.
inline void write_image_files(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, bytes] : image_files())
    std::ofstream(folder / name, std::ios::binary) << bytes;
}
