#pragma once
#include <zlib.h>

#include <string>

#include "temporary.h"

/// What gzip makes of some bytes.
inline std::string gzipped(const std::string& data) {
  const Temporary folder;
  const std::string path = (folder.path() / "x.gz").string();
  gzFile_s* const file = gzopen(path.c_str(), "wb9");
  gzwrite(file, data.data(), static_cast<unsigned>(data.size()));
  gzclose(file);
  return folder.read("x.gz");
}
